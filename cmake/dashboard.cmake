# meterhound_page(RESULT): a generated source file with the page of dashboard/, built by npm in the build folder; with
# METERHOUND_DASHBOARD=OFF one without any file, which needs neither Node nor a network.
option(METERHOUND_DASHBOARD "Build the analyst's page into the program (needs npm)" ON)

function(meterhound_page result)
  set(folder ${CMAKE_SOURCE_DIR}/dashboard)
  set(page ${CMAKE_BINARY_DIR}/dashboard/page_table.cc)
  if(NOT METERHOUND_DASHBOARD)
    set(page ${CMAKE_BINARY_DIR}/dashboard/empty_page_table.cc)
    file(CONFIGURE OUTPUT ${page} @ONLY CONTENT
      "#include \"serve/page_files.h\"\nstd::span<const meterhound::serve::PageFile> meterhound::serve::PageFiles() { return {}; }\n")
    set(${result} ${page} PARENT_SCOPE)
    return()
  endif()
  find_program(METERHOUND_NPM npm)
  if(NOT METERHOUND_NPM)
    message(FATAL_ERROR "npm builds the page and is not here; run tools/setup.sh, or configure with -DMETERHOUND_DASHBOARD=OFF")
  endif()
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${folder}/src/* ${folder}/public/* ${folder}/test/*)
  list(APPEND inputs ${folder}/build.sh ${folder}/embed.mjs ${folder}/index.html ${folder}/package.json
    ${folder}/package-lock.json ${folder}/.npmrc ${folder}/tsconfig.json ${folder}/vite.config.ts)
  add_custom_command(OUTPUT ${page}
    COMMAND ${folder}/build.sh ${folder} ${CMAKE_BINARY_DIR}/dashboard
    DEPENDS ${inputs} COMMENT "Building the page" VERBATIM)
  set(${result} ${page} PARENT_SCOPE)
endfunction()
