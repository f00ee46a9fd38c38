template <class T> bool is_there(const T *object) { return accessible(object, 1); }
