using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Gateways;

/// <summary>
/// Writes calls in batches in the background. The queue is bounded: with the database away, calls go on and notes are dropped and counted,
/// because watching matters more than the note of it.
/// </summary>
internal sealed class GatewayCallLog(NpgsqlDataSource database, TimeProvider time, ILogger<GatewayCallLog> log) : BackgroundService, IGatewayCallLog
{
    private const int Capacity = 10_000;
    private const int MaxBatch = 1_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastFlush = TimeSpan.FromSeconds(3);

    private readonly Channel<GatewayCall> _queue = Channel.CreateBounded<GatewayCall>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private long _dropped;

    public long Dropped => Interlocked.Read(ref _dropped);

    public void Record(GatewayCall call)
    {
        if (!_queue.Writer.TryWrite(call)) Interlocked.Increment(ref _dropped);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        await base.StopAsync(cancellationToken);
        using var last = new CancellationTokenSource(LastFlush, time);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, last.Token);
        while (await TryWriteAsync(Take(), deadline.Token) is > 0) { }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var reported = 0L;
        while (await _queue.Reader.WaitToReadAsync(stoppingToken))
        {
            // A short pause makes one COPY of what a sweep does at once.
            await Task.Delay(Pause, time, stoppingToken);
            await TryWriteAsync(Take(), stoppingToken);
            if (Dropped > reported) log.LogWarning("{Dropped} notes of gateway calls were dropped since start; the calls themselves went on.", reported = Dropped);
        }
    }

    private List<GatewayCall> Take()
    {
        var batch = new List<GatewayCall>();
        while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var call)) batch.Add(call);
        return batch;
    }

    private async Task<int> TryWriteAsync(List<GatewayCall> batch, CancellationToken cancellation)
    {
        if (batch.Count == 0) return 0;
        try
        {
            await WriteAsync(batch, cancellation);
            return batch.Count;
        }
        catch (Exception problem) when (problem is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            Interlocked.Add(ref _dropped, batch.Count);
            return -1;
        }
    }

    private async Task WriteAsync(List<GatewayCall> batch, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var copy = await connection.BeginBinaryImportAsync(
            "COPY whatsops.gateway_calls (at, system, gateway, tenant, instance, operation, outcome, status, duration_ms) FROM STDIN (FORMAT BINARY)", cancellation);
        foreach (var call in batch)
        {
            await copy.StartRowAsync(cancellation);
            await copy.WriteAsync(call.At, NpgsqlDbType.TimestampTz, cancellation);
            await copy.WriteAsync(call.System, cancellation);
            await copy.WriteAsync(call.Gateway, cancellation);
            await WriteTextAsync(call.Tenant);
            await WriteTextAsync(call.Instance);
            await copy.WriteAsync(call.Operation, cancellation);
            await copy.WriteAsync(call.Outcome, cancellation);
            if (call.Status is { } status) await copy.WriteAsync(status, cancellation);
            else await copy.WriteNullAsync(cancellation);
            await copy.WriteAsync((int)call.Duration.TotalMilliseconds, cancellation);
        }

        await copy.CompleteAsync(cancellation);

        Task WriteTextAsync(string? text) => text is null ? copy.WriteNullAsync(cancellation) : copy.WriteAsync(text, cancellation);
    }
}
