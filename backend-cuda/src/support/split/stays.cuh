extern "C" {  // what the C part calls
void PREFIX_residence(mupac_object *of) { of->object = new mupac::Residence; }
void PREFIX_residence_ends(mupac_object *of) { delete (mupac::Residence *)of->object, of->object = nullptr; }
@LAST@void PREFIX_discard(mupac_object *of) { ((mupac::Residence *)of->object)->discard(), PREFIX_residence_ends(of); }
void PREFIX_apart(mupac_object *of, int is_needed) { of->object = is_needed ? new mupac::Apart : nullptr; }
void PREFIX_apart_ends(mupac_object *of) { delete (mupac::Apart *)of->object, of->object = nullptr; }
int PREFIX_loop_is_apart(void) { bool was = mupac::loop_is_apart; return mupac::loop_is_apart = false, was; }
void PREFIX_fetch_all(void) { mupac::fetch(); }
void PREFIX_release_all(void) { mupac::release(); }
@FETCH@void PREFIX_fetch(const volatile void *first, unsigned long bytes) { mupac::fetch((const char *)first, bytes); }
@RELEASE@void PREFIX_release(const volatile void *first, unsigned long bytes) { mupac::release((const char *)first, bytes); }
@MOVED@int PREFIX_moved(void *to, const void *from, unsigned long bytes) { return mupac::moved((char *)to, (const char *)from, bytes); }
@FREED@void PREFIX_freed(const volatile void *object) { mupac::freed(object); }
@SYNCHRONIZE@void PREFIX_synchronize(void) { mupac::synchronize(); }
@LIFETIME@void PREFIX_lifetime(mupac_object *of, const volatile void *first, unsigned long bytes) {
@LIFETIME@    of->object = new mupac::Lifetime((const char *)first, bytes);
@LIFETIME@}
@LIFETIME@void PREFIX_lifetime_ends(mupac_object *of) { delete (mupac::Lifetime *)of->object, of->object = nullptr; }
@WATCH@void PREFIX_watch(mupac_object *of, const volatile void *first, unsigned long bytes) { of->object = new mupac::Watch((const char *)first, bytes); }
@WATCH@void PREFIX_watch_ends(mupac_object *of) { delete (mupac::Watch *)of->object, of->object = nullptr; }
}
