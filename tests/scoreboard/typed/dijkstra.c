#include <stdio.h>
#include <limits.h>
#include <stdbool.h>
#define V 2000
int graph[V][V];

int minDistance(int dist[], bool sptSet[]) {
    int min = INT_MAX, min_index = 0;
    for (int v = 0; v < V; v++)
        if (sptSet[v] == false && dist[v] <= min)
            min = dist[v], min_index = v;
    return min_index;
}

void dijkstra(int graph[V][V], int src, int dist[V]) {
    bool sptSet[V];
    for (int i = 0; i < V; i++)
        dist[i] = INT_MAX, sptSet[i] = false;
    dist[src] = 0;
    for (int count = 0; count < V - 1; count++) {
        int u = minDistance(dist, sptSet);
        sptSet[u] = true;
        for (int v = 0; v < V; v++)
            if (!sptSet[v] && graph[u][v] && dist[u] != INT_MAX && dist[u] + graph[u][v] < dist[v])
                dist[v] = dist[u] + graph[u][v];
    }
}

int main() {
    for (int i = 0; i < V; i++)
        for (int j = 0; j < V; j++)
            graph[i][j] = (i * 31 + j * 17) % 97;
    int dist[V];
    dijkstra(graph, 0, dist);
    long sum = 0;
    for (int i = 0; i < V; i++) sum += dist[i];
    printf("%ld\n", sum);
    return 0;
}
