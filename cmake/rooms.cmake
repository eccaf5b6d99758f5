# meterhound_room(NAME [PUBLIC targets...] [PRIVATE targets...]): one library from every source file of this folder.
function(meterhound_room name)
  cmake_parse_arguments(room "" "" "PUBLIC;PRIVATE;SOURCES" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  add_library(meterhound_${name} STATIC ${sources} ${room_SOURCES})
  target_include_directories(meterhound_${name} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(meterhound_${name} PUBLIC ${room_PUBLIC} PRIVATE ${room_PRIVATE})
endfunction()
