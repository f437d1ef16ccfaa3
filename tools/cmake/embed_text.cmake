# cmake -DOUTPUT=<file> -DHEADER=<header> -DFUNCTION=<namespace::name> -DINPUT=<file> -P embed_text.cmake
file(READ ${INPUT} text)
set(body "#include \"${HEADER}\"\n\n")
string(APPEND body "std::string_view ${FUNCTION}() {\n  return R\"text(${text})text\";\n}\n")
file(WRITE ${OUTPUT} "${body}")
