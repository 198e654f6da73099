/* Loaded into a process before libc (LD_PRELOAD): makes what libc says of the disk and of the clock untrue, on order.
   The orders stand in a file that the test maps too, named by SECUREDROP_TEST_FAULTS. No header is included, so a compiler is all it needs. */
struct orders
{
    volatile int skip;          /* so many more synchronizations succeed, */
    volatile int fail;          /* and so many after them fail */
    volatile int failed;        /* so many have failed */
    volatile int unused;
    volatile long clock_offset; /* seconds by which the clock is wrong */
};
struct moment { long seconds, nanoseconds; };

extern char *getenv(const char *);
extern int open(const char *, int, ...);
extern void *mmap(void *, unsigned long, int, int, int, long);
extern void *dlvsym(void *, const char *, const char *);
extern int strcmp(const char *, const char *);
extern int *__errno_location(void);

enum { READ_AND_WRITE = 2, PROT_READ_AND_WRITE = 3, SHARED = 1, INPUT_OUTPUT_ERROR = 5, REALTIME = 0, PAGE = 4096 };
#define NEXT ((void *)-1L)

static struct orders none;
static struct orders *orders = &none;

__attribute__((constructor)) static void map_orders(void)
{
    const char *path = getenv("SECUREDROP_TEST_FAULTS");
    int file = path ? open(path, READ_AND_WRITE) : -1;
    void *mapped = file < 0 ? NEXT : mmap(0, PAGE, PROT_READ_AND_WRITE, SHARED, file, 0);
    if (mapped != NEXT)
        orders = mapped;
}

static int take(volatile int *left)
{
    for (int now = *left; now > 0; now = *left)
        if (__sync_bool_compare_and_swap(left, now, now - 1))
            return 1;
    return 0;
}

static int fails(void)
{
    if (orders->fail <= 0 || take(&orders->skip) || !take(&orders->fail))
        return 0;
    __sync_fetch_and_add(&orders->failed, 1);
    *__errno_location() = INPUT_OUTPUT_ERROR;
    return 1;
}

/* What the next library, libc, has of this name; the runtime's own look-up is replaced below. */
static void *next(const char *name)
{
    static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.17", "GLIBC_2.2.5" };
    static void *(*real)(void *, const char *);
    for (int n = 0; !real && n < 3; n++)
        real = (void *(*)(void *, const char *))dlvsym(NEXT, "dlsym", versions[n]);
    return name ? real(NEXT, name) : (void *)real;
}

int fsync(int file) { return fails() ? -1 : ((int (*)(int))next("fsync"))(file); }
int fdatasync(int file) { return fails() ? -1 : ((int (*)(int))next("fdatasync"))(file); }
int syncfs(int file) { return fails() ? -1 : ((int (*)(int))next("syncfs"))(file); }

/* .NET looks up what a program imports from libc in libc itself, past every library before it. The last call is a jump, for what is found
   depends on who asks. */
void *dlsym(void *library, const char *name)
{
    if (name && strcmp(name, "fsync") == 0)
        return (void *)fsync;
    if (name && strcmp(name, "fdatasync") == 0)
        return (void *)fdatasync;
    if (name && strcmp(name, "syncfs") == 0)
        return (void *)syncfs;
    return ((void *(*)(void *, const char *))next(0))(library, name);
}

int clock_gettime(int clock, struct moment *now)
{
    static int (*real)(int, struct moment *);
    if (!real)
        real = (int (*)(int, struct moment *))next("clock_gettime");
    int result = real(clock, now);
    if (result == 0 && clock == REALTIME)
        now->seconds += orders->clock_offset;
    return result;
}
