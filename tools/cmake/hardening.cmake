# Warnings are errors; every binary is built with the distribution's hardening flags.
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
                    -fstack-protector-strong -fstack-clash-protection -fcf-protection)
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_compile_options(-Wno-unused-command-line-argument)
else()
  # g++ 12 takes the inactive member of a std::variant for an uninitialised value, and at -O3 the
  # characters that are put into a std::string for its own (GCC bug 105651).
  add_compile_options(-Wno-maybe-uninitialized -Wno-restrict)
  if(CMAKE_UNITY_BUILD) # it takes every source for a header
    add_compile_options(-Wno-subobject-linkage)
  endif()
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT GLEANER_SANITIZE)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
add_link_options(-Wl,-z,relro,-z,now,--as-needed)
set(CMAKE_EXE_LINKER_FLAGS "${CMAKE_EXE_LINKER_FLAGS} -pie")

# A list such as "address,undefined"; "thread" stands alone.
set(GLEANER_SANITIZE "" CACHE STRING "Sanitizers to build with")
if(GLEANER_SANITIZE)
  add_compile_options(-fsanitize=${GLEANER_SANITIZE} -fno-omit-frame-pointer)
  if(GLEANER_SANITIZE MATCHES "undefined")
    # CAF 0.17 binds null references in spawn without arguments, hence no -fsanitize=null.
    add_compile_options(-fno-sanitize=null,vptr -fno-sanitize-recover=all)
  endif()
  if(GLEANER_SANITIZE STREQUAL "thread")
    # Which knows no fences; asio works without, by its locks.
    add_compile_definitions(BOOST_ASIO_DISABLE_FENCED_BLOCK)
  endif()
  add_link_options(-fsanitize=${GLEANER_SANITIZE})
endif()
