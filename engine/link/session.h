// Session: one TLS 1.3 connection to one machine, carrying messages in both directions.
//
// Nothing that arrives is parsed before TLS has completed and the peer's key was compared with its
// pin (I8); until the peer is known no more than 8 KiB are taken in, and an absolute deadline runs
// from the first moment. Heartbeats go out when idle; silence ends the session. Reading is bounded:
// what is not taken stays with the peer. Used and destroyed on one thread with an event loop, to
// which it may be moved before it is started; another thread uses a Channel. closed() comes exactly
// once, last; delete with deleteLater().
#pragma once

#include "engine/base/clock.h"
#include "engine/link/endpoint.h"
#include "engine/link/identitywatch.h"
#include "engine/link/linerate.h"
#include "engine/link/peerdirectory.h"
#include "engine/link/tlsidentity.h"
#include "engine/model/transport.h"
#include "engine/wire/codec.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSslSocket>
#include <QTimer>

#include <memory>
#include <optional>

namespace octopus::link {

// Time limits; only tests change them. The peer cannot.
struct SessionTimings {
    Milliseconds connect{4'000};      // TCP: the first try and two more; to a proxy, and from there
    Milliseconds authenticate{5'000}; // absolute: from accept, or from the TCP connection, to Hello
    Milliseconds pairing{30'000};     // from a complete PairRequest to its answer, saved before
    Milliseconds heartbeat{2'000};    // sent when nothing else was for so long
    Milliseconds probe{1'500};        // for the answer of the peer's kernel
    Milliseconds silence{10'000};     // nothing received for so long: dead
    Milliseconds drain{1'000}; // without progress, for what is still to be written when closing
};

struct SessionSettings {
    TlsIdentity identity;
    wire::Hello hello; // of this machine
    SessionTimings timings;
    std::shared_ptr<IdentityWatch> watch; // is told who greets; may be null
};

// Whom to call.
struct Destination {
    enum class Purpose : quint8 {
        Mirror,    // heartbeats; `expected` must be given
        Pairing,   // to redeem a ticket; `expected` comes from it
        Comparing, // to pair by comparing digits: anybody may answer
        Probe,     // anybody may answer: `expected` may be null
    };
    Endpoint endpoint;
    MachineId expected;
    Purpose purpose = Purpose::Mirror;
    quint32 highestProtocol = 0; // ever agreed on with this peer: a downgrade is refused
    Transport transport;         // by which way
};

enum class SessionState : quint8 {
    Idle,
    Connecting, // TCP
    Securing,   // TLS
    Greeting,   // waiting for the peer's Hello
    Stranger,   // incoming: not paired; may send one PairRequest, or compare digits
    Ready,
    Closing, // what is queued is still written
    Closed,
};

// Pending bytes below which writable() is reported, and those that a caller should stay under.
inline constexpr qint64 lowWater = 256 * 1024;
inline constexpr qint64 highWater = 1024 * 1024;

class Connector;

class Session : public QObject
{
    Q_OBJECT

public:
    explicit Session(SessionSettings settings, QObject *parent = nullptr);
    ~Session() override;

    // Each session is started once, by one of the two. Failures come as closed().
    void connectTo(const Destination &destination);
    void accept(qintptr descriptor, std::shared_ptr<const PeerDirectory> directory); // takes it

    [[nodiscard]] SessionState state() const { return m_state; }
    // The last state before Closing or Closed: how far it got.
    [[nodiscard]] SessionState reached() const { return m_reached; }
    [[nodiscard]] const MachineId &peer() const { return m_peer; } // null before TLS has completed
    [[nodiscard]] QString peerAddress() const;                     // "192.0.2.1:40000"
    [[nodiscard]] const Endpoint &endpoint() const { return m_destination.endpoint; }    // outgoing
    [[nodiscard]] const Transport &transport() const { return m_destination.transport; } // likewise
    [[nodiscard]] const Destination &destination() const { return m_destination; }       // likewise
    // Whose key was shown, also if it was refused for being another's; null: none came.
    [[nodiscard]] const MachineId &presented() const { return m_presented; }

    // Queues one encoded frame (wire::encode()). False, and nothing sent, unless the session is
    // Ready (or with a Stranger who compares digits). Callers stay below highWater of
    // pendingBytes(); far beyond it the session ends.
    bool send(const QByteArray &frame);
    [[nodiscard]] qint64 pendingBytes() const; // queued here and not yet taken by the kernel

    // Keeps what the kernel has taken and not sent yet below so many bytes (TCP_NOTSENT_LOWAT).
    void limitUnsent(qint64 bytes);
    [[nodiscard]] Delivery delivery() const; // what the kernel knows of the line
    // Sends a heartbeat now and ends the session (TimedOut) if the other machine's kernel does not
    // acknowledge it in time, which takes no part of the peer's program.
    void probe();

    // Between pause() and resume() nothing is read or reported but the end of the connection.
    void pause();
    void resume();

    // Writes what is queued, then closes; closed() carries `reason`.
    void close(const Error &reason = {ErrorCode::Disconnected, "closed by this side"});
    // Sends `refusal`, then closes for the same reason.
    void refuse(const wire::Refusal &refusal);
    // A Stranger who compares digits is given this long from now.
    void extend(Milliseconds lifetime);
    // A Stranger's PairRequest was accepted (the own name) or refused; either way the end follows.
    void answerPairing(const Result<QString> &answer);

    // Application bytes (frames) over TLS, since the start.
    [[nodiscard]] quint64 sentBytes() const { return m_sentBytes; }
    [[nodiscard]] quint64 receivedBytes() const { return m_receivedBytes; }

Q_SIGNALS:
    void advanced(); // reached() is one further
    // The peer is known and has said Hello; `protocol` is the highest that both speak. Incoming:
    // only for paired peers.
    void ready(const octopus::MachineId &peer, const octopus::wire::Hello &hello, quint32 protocol);
    // Incoming, instead of ready(): a stranger redeems a ticket; answerPairing() is due within
    // SessionTimings::pairing.
    void pairRequested(const octopus::MachineId &peer, const octopus::wire::PairRequest &request);
    // Incoming, instead of ready(): PairCommit, PairReveal, PairConfirm or Refusal, as they come, on
    // a connection for comparing digits. Answers go by send(), before the deadline of the session.
    void compared(const octopus::MachineId &peer, const octopus::wire::Hello &hello,
                  quint32 protocol, const octopus::wire::Message &message);
    // In the order of sending; never Hello, Heartbeat or PairRequest. `frameBytes`: with header.
    void received(const octopus::wire::Message &message, qint64 frameBytes);
    void written();  // the kernel took some of pendingBytes()
    void writable(); // pendingBytes() has fallen below lowWater
    // NotPaired: another key answered than the expected one (the identity changed, or something
    // else has the address). Unreachable, TimedOut, Disconnected, Corrupt, TooLong,
    // VersionMismatch, Refused…: what it says.
    void closed(const octopus::Error &error);

private:
    void wireUp();
    void enter(SessionState state);
    void onConnected();
    void onSslErrors(const QList<QSslError> &errors);
    void onEncrypted();
    void onBytesWritten();
    void onSocketError(QAbstractSocket::SocketError error);
    void onDisconnected();
    void onDeadline();
    void onTick();
    void onProbe();
    [[nodiscard]] Result<MachineId> checkPeer();
    [[nodiscard]] bool mayRead() const;
    void readAvailable();
    [[nodiscard]] bool readChunk();
    void readLater();
    void takeMessages();
    void take(const wire::Message &message, qint64 frameBytes);
    void takeGreeting(const wire::Message &message);
    void takeComparing(const wire::Message &message, qint64 frameBytes);
    void greet(const wire::Hello &hello);
    [[nodiscard]] Result<void> checkRun(const wire::Hello &hello, bool known) const;
    void becomeReady(const wire::Hello &hello, quint32 protocol);
    void takePairRequest(const wire::PairRequest &request);
    void write(const QByteArray &frame);
    void finish(const Error &error);
    void finishLater(const Error &error);

    const SessionSettings m_settings;
    std::shared_ptr<const PeerDirectory> m_directory; // incoming only
    Destination m_destination;                        // outgoing only
    Connector *m_connector = nullptr;                 // child; outgoing only
    QSslSocket m_socket;
    QTimer m_deadline;
    QTimer m_tick;
    QTimer m_probe;
    QElapsedTimer m_probeSent;
    QElapsedTimer m_lastSent;
    QElapsedTimer m_lastReceived;
    wire::FrameReader m_reader{wire::unauthenticatedCap};
    MachineId m_peer;
    MachineId m_presented;
    wire::Hello m_peerHello;       // of a Stranger
    quint32 m_protocol = 0;        // agreed on
    std::optional<Error> m_reason; // why it is closing
    SessionState m_state = SessionState::Idle;
    SessionState m_reached = SessionState::Idle;
    bool m_incoming = false;
    bool m_paused = false;
    bool m_reading = false;    // inside readAvailable()
    bool m_readQueued = false; // the next readAvailable() is on its way
    bool m_ended = false;      // nothing more will come than what the socket holds
    bool m_aboveLowWater = false;
    bool m_pairingAsked = false;
    bool m_comparing = false; // this connection is for comparing digits
    quint64 m_sentBytes = 0;
    quint64 m_receivedBytes = 0;
};

} // namespace octopus::link
