        for (Watched *each = watched; each; each = each->outer)
            if (each->first < last && first < each->last) copy->fetch();
