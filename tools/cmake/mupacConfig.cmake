# find_package(mupac) finds the program; mupac_translate(TARGET [FLAGS …]) gives the loops of a target's C files to a GPU.
#
# FLAGS are options of a translation as MUPAC_FLAGS takes them: --device=cpu, --arch=sm_80, --check=off.
# The compiler stays what it is; mupac runs it and puts kernels into the objects of files that have them.
# MUPAC_EXECUTABLE names the program where it lies elsewhere.

cmake_minimum_required(VERSION 3.21)

find_program(MUPAC_EXECUTABLE mupac HINTS "${CMAKE_CURRENT_LIST_DIR}/../../../bin")
if(NOT MUPAC_EXECUTABLE)
  set(mupac_FOUND FALSE)
  set(mupac_NOT_FOUND_MESSAGE "there is no program mupac; MUPAC_EXECUTABLE names it")
  return()
endif()

function(mupac_translate target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "FLAGS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "mupac_translate(${target}): there is no ${arg_UNPARSED_ARGUMENTS}")
  endif()
  foreach(flag IN LISTS arg_FLAGS)
    if(NOT flag MATCHES "^--")
      message(FATAL_ERROR "mupac_translate(${target}): ${flag} does not begin with --")
    endif()
  endforeach()
  get_target_property(launcher ${target} C_COMPILER_LAUNCHER)
  if(launcher)
    message(FATAL_ERROR "mupac_translate(${target}): the target has a C_COMPILER_LAUNCHER already: ${launcher}")
  endif()
  # Options of the driver begin with --mupac-, those of a translation with --.
  list(TRANSFORM arg_FLAGS REPLACE "^--" "--mupac-")
  set_property(TARGET ${target} PROPERTY C_COMPILER_LAUNCHER "${MUPAC_EXECUTABLE}" cc ${arg_FLAGS})

  # What kernels need is linked to whatever the target becomes a part of, by whichever linker.
  execute_process(
    COMMAND "${MUPAC_EXECUTABLE}" cc ${arg_FLAGS} --mupac-libraries
    OUTPUT_VARIABLE libraries
    OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE code)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "mupac_translate(${target}): mupac cc --mupac-libraries failed")
  endif()
  separate_arguments(libraries UNIX_COMMAND "${libraries}")
  target_link_libraries(${target} PUBLIC ${libraries})
endfunction()
