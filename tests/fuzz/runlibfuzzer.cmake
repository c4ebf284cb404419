# Builds the fuzz targets with libFuzzer and sanitizers in BINARY, from SOURCE, and runs each on
# SEEDS for some SECONDS.
foreach(program clang clang++)
    find_program(found_${program} ${program})
    if(NOT found_${program})
        message(FATAL_ERROR "${program} is missing: libFuzzer is part of it")
    endif()
endforeach()

function(step)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${SOURCE} RESULT_VARIABLE result)
    if(NOT result EQUAL 0)
        message(FATAL_ERROR "failed: ${ARGN}")
    endif()
endfunction()

# Of UndefinedBehaviorSanitizer what AddressSanitizer would not see; the rest doubles the time that
# compiling takes. The preset has all of it.
set(sanitizers "address,signed-integer-overflow,shift,integer-divide-by-zero,float-cast-overflow")
string(APPEND sanitizers ",bounds,bool,enum,return,unreachable,nonnull-attribute,vla-bound")

# Each run starts from the same seeds.
file(REMOVE_RECURSE ${BINARY}/tests/fuzz/found)
step(${CMAKE_COMMAND} --preset fuzz -B ${BINARY} --log-level=NOTICE
     "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -gline-tables-only" -DOCTOPUS_SANITIZE=${sanitizers}
     -DOCTOPUS_FUZZ_SECONDS=${SECONDS} -DOCTOPUS_FUZZ_SEEDS=${SEEDS})
step(${CMAKE_COMMAND} --build ${BINARY} --target fuzz_targets --parallel 2)
step(${CMAKE_CTEST_COMMAND} --test-dir ${BINARY} -L fuzz --parallel 2 --output-on-failure)
