/* Arrays stay on the device between loops: what the host is about to read is fetched, and what it is about to write released. */
typedef struct { void *object; } mupac_object;
void PREFIX_residence(mupac_object *);
void PREFIX_residence_ends(mupac_object *);
@LAST@void PREFIX_discard(mupac_object *);
void PREFIX_apart(mupac_object *, int);
void PREFIX_apart_ends(mupac_object *);
int PREFIX_loop_is_apart(void);
void PREFIX_fetch_all(void);
void PREFIX_release_all(void);
@FETCH@void PREFIX_fetch(const volatile void *, unsigned long);
@RELEASE@void PREFIX_release(const volatile void *, unsigned long);
@MOVED@int PREFIX_moved(void *, const void *, unsigned long);
@FREED@void PREFIX_freed(const volatile void *);
@SYNCHRONIZE@void PREFIX_synchronize(void);
@LIFETIME@void PREFIX_lifetime(mupac_object *, const volatile void *, unsigned long);
@LIFETIME@void PREFIX_lifetime_ends(mupac_object *);
@WATCH@void PREFIX_watch(mupac_object *, const volatile void *, unsigned long);
@WATCH@void PREFIX_watch_ends(mupac_object *);
#define mupac_object_of(name, kind) mupac_object name __attribute__((__cleanup__(PREFIX_##kind##_ends))) = {0}
#define mupac_residence(name) ; mupac_object_of(name, residence); PREFIX_residence(&name)
#define mupac_end(object) PREFIX_residence_ends(object)
@LAST@#define mupac_discard(object) PREFIX_discard(object)
#define mupac_apart(name, is_needed) mupac_object_of(name, apart); PREFIX_apart(&name, is_needed)
#define mupac_loop_is_apart() PREFIX_loop_is_apart()
#define mupac_fetch_all() PREFIX_fetch_all()
#define mupac_release_all() PREFIX_release_all()
@FETCH@#define mupac_fetch(first, count) PREFIX_fetch((first), (count) * sizeof *(first))
@RELEASE@#define mupac_release(first, count) PREFIX_release((first), (count) * sizeof *(first))
@FETCH_BETWEEN@#define mupac_fetch_between(first, last) ((last) < (first) ? (void)0 : PREFIX_fetch((first), (unsigned long)((const char *)((last) + 1) - (const char *)(first))))
@RELEASE_BETWEEN@#define mupac_release_between(first, last) ((last) < (first) ? (void)0 : PREFIX_release((first), (unsigned long)((const char *)((last) + 1) - (const char *)(first))))
@MOVED@#define mupac_moved(to, from, bytes) PREFIX_moved(to, from, bytes)
@FREED@#define mupac_freed(object) PREFIX_freed(object)
@SYNCHRONIZE@#define mupac_synchronize() PREFIX_synchronize()
@LIFETIME@#define mupac_lifetime(name, variable) mupac_object_of(name, lifetime); PREFIX_lifetime(&name, &(variable), sizeof(variable))
@LIFETIME@#define mupac_lifetime_if(name, is_told, variable) mupac_object_of(name, lifetime); if (is_told) PREFIX_lifetime(&name, &(variable), sizeof(variable))
@WATCH@#define mupac_watch(name, first, count) mupac_object_of(name, watch); PREFIX_watch(&name, (first), (count) * sizeof *(first))
