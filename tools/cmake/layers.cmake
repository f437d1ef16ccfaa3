# gleaner_layer(<folder> <libraries>...): a static library of all sources directly in <folder>.
function(gleaner_layer folder)
  string(REPLACE "/" "_" name "gleaner_${folder}")
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  if(sources)
    add_library(${name} STATIC ${sources})
    set(scope PUBLIC)
  else()
    add_library(${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${name} ${scope} ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} ${scope} ${ARGN})
  if(sources AND NOT GLEANER_SANITIZE) # what is tested is optimised as what is shipped
    target_compile_options(${name} PRIVATE -O2)
  endif()
endfunction()

# gleaner_embed_scripts(<folder>): compiles each <folder>/lua/*.lua into the layer as a function
# lua_source(name), declared in <folder>/lua_source.hpp.
function(gleaner_embed_scripts folder)
  string(REPLACE "/" "_" target "gleaner_${folder}")
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/lua/*.lua)
  set(output ${CMAKE_BINARY_DIR}/generated/${target}_scripts.cpp)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${folder} "-DSCRIPTS=${scripts}"
            -P ${CMAKE_SOURCE_DIR}/tools/cmake/embed_scripts.cmake
    DEPENDS ${scripts} ${CMAKE_SOURCE_DIR}/tools/cmake/embed_scripts.cmake
    COMMENT "Embedding Lua scripts" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

# gleaner_embed_text(<folder> <file> <header> <namespace::name>): compiles <folder>/<file> into the layer as a
# function that <folder>/<header> declares.
function(gleaner_embed_text folder file header name)
  string(REPLACE "/" "_" target "gleaner_${folder}")
  set(input ${CMAKE_SOURCE_DIR}/${folder}/${file})
  set(output ${CMAKE_BINARY_DIR}/generated/${target}_text.cpp)
  set(script ${CMAKE_SOURCE_DIR}/tools/cmake/embed_text.cmake)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DHEADER=${folder}/${header} -DFUNCTION=${name} -DINPUT=${input}
            -P ${script}
    DEPENDS ${input} ${script}
    COMMENT "Embedding ${file}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
