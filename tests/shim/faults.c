/* A disk that fails, in front of the C library: LD_PRELOAD it into a process that keeps its data in $FAULT_DIR.
 *
 * It counts writes, truncations and syncs of the files there. What was written is also kept in memory; a sync carries it
 * to a second copy in $FAULT_DISK, which so holds what a disk would hold after a power cut. Files opened for synchronous
 * writing carry theirs at once.
 *
 *   FAULT_CUT=N      at the N-th of them the power goes: the process dies before it is done
 *   FAULT_TORN=SEED  the disk had some of the rest by then: each write not yet synced with a chance of one half
 *   FAULT_FAIL=N     the N-th fails with EIO
 *   FAULT_LATE=1     the N-th is done and fails all the same, and the one after it fails and is not done
 *   FAULT_META=1     only writes of the database's first two pages are counted, which make a commit count
 *   FAULT_FULL=FILE  as long as this file exists, writing fails with ENOSPC
 *   FAULT_COUNT=FILE the number of them is kept there
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 1024 };

struct change {
  struct change *next;
  int truncation;
  off_t at;
  size_t length;
  char bytes[];
};

struct watched {
  char name[64]; /* empty: the descriptor is not watched */
  int synchronous;
};

/* Changes of one file that are not on the disk yet, whichever descriptor made them. */
struct file {
  char name[64];
  struct change *first, *last;
};

static struct watched descriptors[FILES];
static struct file files[16];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long operations, cut_at, fail_at, late, only_meta, torn;
static const char *folder, *disk, *full, *count_file;

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_writev)(int, const struct iovec *, int);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static int (*real_close)(int);

static long number(const char *name) {
  const char *text = getenv(name);
  return text ? atol(text) : 0;
}

__attribute__((constructor)) static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_write = dlsym(RTLD_NEXT, "write");
  real_writev = dlsym(RTLD_NEXT, "writev");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  real_close = dlsym(RTLD_NEXT, "close");
  folder = getenv("FAULT_DIR");
  disk = getenv("FAULT_DISK");
  full = getenv("FAULT_FULL");
  count_file = getenv("FAULT_COUNT");
  cut_at = number("FAULT_CUT");
  fail_at = number("FAULT_FAIL");
  late = number("FAULT_LATE");
  only_meta = number("FAULT_META");
  torn = number("FAULT_TORN");
}

static int on_disk(const char *name, int flags) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", disk, name);
  return real_open(path, flags, 0600);
}

static void carry(const char *name, const struct change *change) {
  int fd = on_disk(name, O_WRONLY | O_CREAT);
  if (fd < 0)
    return;
  if (change->truncation)
    (void)!real_ftruncate(fd, change->at);
  else
    (void)!real_pwrite(fd, change->bytes, change->length, change->at);
  real_close(fd);
}

static struct file *file_of(const char *name) {
  for (size_t n = 0; n < sizeof files / sizeof *files; n++) {
    if (!files[n].name[0])
      strncpy(files[n].name, name, sizeof files[n].name - 1);
    if (!strcmp(files[n].name, name))
      return &files[n];
  }
  return NULL;
}

/* All of a file's changes are on the disk now; with a chance of one half each if `some`. */
static void settle(struct file *file, int some) {
  struct change *change = file->first;
  while (change) {
    struct change *next = change->next;
    torn = torn * 1103515245 + 12345;
    if (!some || (torn >> 16 & 1))
      carry(file->name, change);
    free(change);
    change = next;
  }
  file->first = file->last = NULL;
}

static void power_cut(void) {
  if (torn)
    for (size_t n = 0; n < sizeof files / sizeof *files; n++)
      settle(&files[n], 1);
  kill(getpid(), SIGKILL);
  for (;;)
    pause();
}

enum { META_PAGES = 2 * 4096 };

static int is_meta(int fd, off_t at) { return at < META_PAGES && !strcmp(descriptors[fd].name, "data.mdb"); }

/* Before an operation, under the lock. Nonzero: it fails with this. */
static int step(int grows, int meta) {
  if (only_meta && !meta)
    return 0;
  operations++;
  if (count_file) {
    char text[32];
    int length = snprintf(text, sizeof text, "%ld\n", operations);
    int fd = real_open(count_file, O_WRONLY | O_CREAT, 0600);
    (void)!real_pwrite(fd, text, length, 0);
    real_close(fd);
  }
  if (operations == cut_at)
    power_cut();
  if (operations == fail_at + (late ? 1 : 0))
    return EIO;
  if (grows && full && access(full, F_OK) == 0)
    return ENOSPC;
  return 0;
}

/* After an operation that was done: nonzero, it is said to have failed with this. */
static int said(int meta) { return late && operations == fail_at && (meta || !only_meta) ? EIO : 0; }

static void note(int fd, int truncation, off_t at, const void *bytes, size_t length) {
  if (!disk)
    return;
  struct file *file = file_of(descriptors[fd].name);
  struct change *change = malloc(sizeof *change + length);
  if (!file || !change)
    return;
  *change = (struct change){.truncation = truncation, .at = at, .length = length};
  memcpy(change->bytes, bytes ? bytes : "", length);
  if (descriptors[fd].synchronous) {
    carry(file->name, change);
    free(change);
    return;
  }
  if (file->last)
    file->last->next = change;
  else
    file->first = change;
  file->last = change;
}

static int watches(int fd) { return folder && fd >= 0 && fd < FILES && descriptors[fd].name[0]; }

static int opened(int fd, const char *path, int flags) {
  if (!folder || fd < 0 || fd >= FILES)
    return fd;
  descriptors[fd].name[0] = 0;
  size_t length = strlen(folder);
  if (strncmp(path, folder, length) || path[length] != '/')
    return fd;
  const char *name = path + length + 1;
  /* The database and the spool; not its lock, which is worth nothing after a cut. */
  if (strcmp(name, "data.mdb") && strncmp(name, "spool-", 6))
    return fd;
  if ((flags & O_ACCMODE) == O_RDONLY)
    return fd;
  strncpy(descriptors[fd].name, name, sizeof descriptors[fd].name - 1);
  descriptors[fd].synchronous = (flags & (O_DSYNC | O_SYNC)) != 0;
  if (disk) {
    int there = on_disk(name, O_WRONLY | O_CREAT);
    if (there >= 0)
      real_close(there);
  }
  return fd;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  pthread_mutex_lock(&lock);
  int fd = opened(real_open(path, flags, mode), path, flags);
  pthread_mutex_unlock(&lock);
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return open(path, flags, mode);
}

int close(int fd) {
  pthread_mutex_lock(&lock);
  if (fd >= 0 && fd < FILES)
    descriptors[fd].name[0] = 0;
  pthread_mutex_unlock(&lock);
  return real_close(fd);
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t at, int moves) {
  pthread_mutex_lock(&lock);
  int meta = is_meta(fd, at), failed = step(1, meta);
  ssize_t done = -1;
  if (!failed) {
    done = moves ? real_write(fd, bytes, length) : real_pwrite(fd, bytes, length, at);
    failed = errno;
    if (done > 0)
      note(fd, 0, at, bytes, done);
    if (done >= 0 && said(meta)) {
      failed = said(meta);
      done = -1;
    }
  }
  pthread_mutex_unlock(&lock);
  errno = failed;
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return watches(fd) ? written(fd, bytes, length, at, 0) : real_pwrite(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) { return pwrite(fd, bytes, length, at); }

ssize_t write(int fd, const void *bytes, size_t length) {
  if (!watches(fd))
    return real_write(fd, bytes, length);
  return written(fd, bytes, length, lseek(fd, 0, SEEK_CUR), 1);
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  if (!watches(fd))
    return real_writev(fd, parts, count);
  off_t at = lseek(fd, 0, SEEK_CUR);
  ssize_t all = 0;
  /* One by one, so that a cut also falls between them. */
  for (int n = 0; n < count; n++) {
    ssize_t done = written(fd, parts[n].iov_base, parts[n].iov_len, at + all, 1);
    if (done < 0)
      return all ? all : done;
    all += done;
    if ((size_t)done < parts[n].iov_len)
      break;
  }
  return all;
}

int ftruncate(int fd, off_t length) {
  if (!watches(fd))
    return real_ftruncate(fd, length);
  pthread_mutex_lock(&lock);
  int failed = step(0, 0), done = -1;
  if (!failed) {
    done = real_ftruncate(fd, length);
    failed = errno;
    if (!done)
      note(fd, 1, length, NULL, 0);
  }
  pthread_mutex_unlock(&lock);
  errno = failed;
  return done;
}

int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

static int synced(int fd, int (*real)(int)) {
  if (!watches(fd))
    return real(fd);
  pthread_mutex_lock(&lock);
  int failed = step(0, 0), done = -1;
  if (!failed) {
    /* The second copy is the disk here: the real one need not be waited for. */
    done = disk ? 0 : real(fd);
    failed = errno;
    struct file *file = disk ? file_of(descriptors[fd].name) : NULL;
    if (!done && file)
      settle(file, 0);
  }
  pthread_mutex_unlock(&lock);
  errno = failed;
  return done;
}

int fsync(int fd) { return synced(fd, real_fsync); }

int fdatasync(int fd) { return synced(fd, real_fdatasync); }
