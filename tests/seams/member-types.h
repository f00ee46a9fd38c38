#pragma once
typedef struct list list;
typedef struct {
    list *list;
    int count;
} holder;
