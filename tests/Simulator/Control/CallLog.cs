using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Control;

/// <summary>Every call received, in memory and, if asked for, as JSON lines in a file.</summary>
internal sealed class CallLog(string? file) : IDisposable
{
    private readonly ConcurrentQueue<Call> calls = new();
    private readonly ConcurrentDictionary<string, string> fingerprints = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private readonly StreamWriter? lines = file is null ? null : new StreamWriter(file, append: true) { AutoFlush = true };

    public IReadOnlyCollection<Call> All => calls;

    public Call Begin(DateTimeOffset at, GatewayRequest request)
    {
        var call = new Call(at, request.Method, request.Target, request.InstanceName, Fingerprint(request.ApiKey));
        calls.Enqueue(call);
        return call;
    }

    public void End(Call call, int status)
    {
        if (call.Status is not null) return;
        call.Status = status;
        if (lines is null) return;
        lock (gate) lines.WriteLine(JsonSerializer.Serialize(call, Json.Options));
    }

    public void Dispose() => lines?.Dispose();

    private string? Fingerprint(string? key) => key is null ? null : fingerprints.GetOrAdd(key, secret =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..8]);
}
