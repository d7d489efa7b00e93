using System.Collections.Concurrent;
using System.Diagnostics;

namespace WhatsOps.Benchmarks.Ingest;

/// <summary>Drives a server over many connections: as fast as it answers, or at a fixed rate whatever it does.</summary>
internal sealed class IngestLoad(int port)
{
    private static long _number;

    /// <summary>Answered requests per second and their latencies; every tenth request repeats an earlier one.</summary>
    public async Task<IngestMeasure> ClosedAsync(IReadOnlyList<IngestRequest> requests, TimeSpan duration, CancellationToken cancellation)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(requests.Select(request => Task.Run(async () =>
        {
            using var connection = await IngestConnection.OpenAsync(port, cancellation);
            var mine = new List<double>(100_000);
            long earlier = 0;
            for (var i = 1; watch.Elapsed < duration; i++)
            {
                var number = i % 10 == 0 ? earlier : Interlocked.Increment(ref _number);
                if (i % 10 == 5) earlier = number;
                var started = Stopwatch.GetTimestamp();
                Check(await connection.SendAsync(request.Numbered(number), cancellation));
                mine.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            latencies.Add(mine);
        }, cancellation)));
        return new IngestMeasure(watch.Elapsed, [.. latencies.SelectMany(list => list)]);
    }

    /// <summary>A fixed rate: a request that had to wait for an answer before it counts its waiting, too.</summary>
    public async Task<IngestMeasure> OpenAsync(IReadOnlyList<IngestRequest> requests, int perSecond, TimeSpan duration, CancellationToken cancellation)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var interval = TimeSpan.FromSeconds((double)requests.Count / perSecond);
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(requests.Select((request, index) => Task.Run(async () =>
        {
            using var connection = await IngestConnection.OpenAsync(port, cancellation);
            var mine = new List<double>();
            for (var due = interval * index / requests.Count; due < duration; due += interval)
            {
                var early = due - watch.Elapsed;
                if (early > TimeSpan.Zero) await Task.Delay(early, cancellation);
                // Woken late by the timer is not the server's fault; kept busy by it is.
                var started = early > TimeSpan.Zero ? watch.Elapsed : due;
                Check(await connection.SendAsync(request.Numbered(Interlocked.Increment(ref _number)), cancellation));
                mine.Add((watch.Elapsed - started).TotalMilliseconds);
            }

            latencies.Add(mine);
        }, cancellation)));
        return new IngestMeasure(watch.Elapsed, [.. latencies.SelectMany(list => list)]);
    }

    /// <summary>Many instances share a few connections, each in its turn, as fast as the server answers.</summary>
    public async Task<IngestMeasure> StormAsync(IReadOnlyList<IngestRequest> instances, int connections, TimeSpan duration, CancellationToken cancellation)
    {
        var latencies = new ConcurrentBag<List<double>>();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(instances.Chunk((instances.Count + connections - 1) / connections).Select(mine => Task.Run(async () =>
        {
            using var connection = await IngestConnection.OpenAsync(port, cancellation);
            var taken = new List<double>(100_000);
            for (var i = 0; watch.Elapsed < duration; i++)
            {
                var started = Stopwatch.GetTimestamp();
                Check(await connection.SendAsync(mine[i % mine.Length].Numbered(Interlocked.Increment(ref _number)), cancellation));
                taken.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }

            latencies.Add(taken);
        }, cancellation)));
        return new IngestMeasure(watch.Elapsed, [.. latencies.SelectMany(list => list)]);
    }

    private static void Check(int status)
    {
        if (status != 200) throw new InvalidOperationException($"The server answered {status}: this run measures nothing.");
    }
}
