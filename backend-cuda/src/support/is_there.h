template <class T> bool is_there(T *object) { return accessible(object, 1); }
