# Which components a package holds, and under which folder of it; CPack reads this once for each kind of package.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_PACKAGING_INSTALL_PREFIX "/")
  set(CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_CMAKE_BUILD}" meterhound program /usr "${CPACK_CMAKE_BUILD}" meterhound debian /)
else()
  set(CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_CMAKE_BUILD}" meterhound program / "${CPACK_CMAKE_BUILD}" meterhound libraries /)
endif()
