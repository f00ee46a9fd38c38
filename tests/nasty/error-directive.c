#error this file is not for you
