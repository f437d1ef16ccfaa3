# `cmake --install build/release --prefix /usr/local`: the program, and what it prints about itself
# at the places where man and the shells look.
include(GNUInstallDirs)

install(TARGETS gleaner)

# gleaner_install_output(<file below share> <arguments>...): what `gleaner <arguments>` prints.
function(gleaner_install_output file)
  set(output ${CMAKE_BINARY_DIR}/generated/share/${file})
  get_filename_component(folder ${output} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${output} COMMAND gleaner ${ARGN} > ${output}
    DEPENDS gleaner COMMENT "Writing ${file}" VERBATIM)
  string(REPLACE ";" "_" name "gleaner_${ARGN}")
  add_custom_target(${name} ALL DEPENDS ${output})
  get_filename_component(folder ${file} DIRECTORY)
  install(FILES ${output} DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/${folder})
endfunction()

gleaner_install_output(man/man1/gleaner.1 man)
gleaner_install_output(bash-completion/completions/gleaner completion bash)
gleaner_install_output(zsh/site-functions/_gleaner completion zsh)
gleaner_install_output(fish/vendor_completions.d/gleaner.fish completion fish)
add_custom_target(installable DEPENDS gleaner gleaner_man gleaner_completion_bash gleaner_completion_zsh
                                      gleaner_completion_fish)
