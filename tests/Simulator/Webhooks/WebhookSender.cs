using System.Collections.Concurrent;
using System.Net.Http.Headers;
using WhatsOps.Simulator.Faults;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.Webhooks;

/// <summary>Sends events as the gateway does: at once, concurrently, with retries that live in memory only.</summary>
internal sealed class WebhookSender(SimulatorOptions options, SimulatorClock clock, SimulatorRandom random, FaultRegistry faults)
    : IDisposable
{
    private const int KeptDeliveries = 200_000;
    private const int MaximumRedirects = 5;

    private const int MaximumPending = 20_000;

    // One pool for all gateways of the process. axios has no limit of connections; a process that storms for a thousand instances needs one.
    private static readonly HttpClient Client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        MaxConnectionsPerServer = 1024
    })
    {
        Timeout = Timeout.InfiniteTimeSpan
    };

    private readonly ConcurrentQueue<Delivery> deliveries = new();
    private CancellationTokenSource life = new();
    private int pending;

    public string ServerUrl { get; set; } = "";

    public IReadOnlyCollection<Delivery> Deliveries => deliveries;

    /// <summary>Events whose delivery is under way or waits for its next attempt.</summary>
    public int Pending => Volatile.Read(ref pending);

    /// <summary>Whether storms and made-up traffic had better pause, because the receiver does not keep up.</summary>
    public bool Overloaded => Pending > MaximumPending;

    /// <summary>
    /// Starts the delivery of an event. The task ends when it was delivered or given up, with the life of the process, or at once when nobody
    /// wants it.
    /// </summary>
    public Task Emit(Instance instance, string name, object? data)
    {
        if (instance.Zombie || faults.Match(FaultKind.WebhookSilence, "POST", name, instance.Name) is not null) return Task.CompletedTask;
        var local = instance.Webhook is { } hook && hook.Wants(WebhookEvents.Upper(name))
            ? Deliver(instance, name, data, hook.Url, hook.WebhookByEvents, hook.Headers)
            : Task.CompletedTask;
        var global = options.GlobalWebhookUrl is { } url && WebhookEvents.IsGlobal(name)
            ? Deliver(instance, name, data, url, false, null)
            : Task.CompletedTask;
        return Task.WhenAll(local, global);
    }

    /// <summary>Whether anybody would get this event.</summary>
    public bool Wants(Instance instance, string name) =>
        instance.Webhook?.Wants(WebhookEvents.Upper(name)) == true || (options.GlobalWebhookUrl is not null && WebhookEvents.IsGlobal(name));

    /// <summary>What a restart of the process does: everything that was not delivered yet is lost.</summary>
    public void ForgetAll()
    {
        var old = Interlocked.Exchange(ref life, new CancellationTokenSource());
        old.Cancel();
        old.Dispose();
    }

    public void Dispose()
    {
        life.Cancel();
        life.Dispose();
    }

    private async Task Deliver(
        Instance instance, string name, object? data, string destination, bool byEvents, IReadOnlyDictionary<string, string>? headers)
    {
        var body = Body(instance, name, data, destination);
        // Plain concatenation: a query string in the address swallows the suffix.
        var url = byEvents ? $"{destination}/{WebhookEvents.Suffix(name)}" : destination;
        var cancel = life.Token;
        Interlocked.Increment(ref pending);
        // v1.8 tries once.
        var attempts = options.IsV1 ? 1 : options.WebhookAttempts;
        await Task.Yield();
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                var status = faults.Match(FaultKind.WebhookRedirect, "POST", name, instance.Name) is not null
                    ? 302
                    : await Post(url, body, headers, cancel);
                // A redirect is followed; whatever ends without an error counts as delivered.
                var delivered = status is >= 200 and < 300 or 302;
                Log(new Delivery(clock.Now, instance.Name, name, attempt, status, delivered));
                if (delivered || (status is { } final && RetrySchedule.IsFinal(final)) || attempt >= attempts) return;
                await clock.Delay(RetrySchedule.DelayAfter(attempt, random.NextDouble()), cancel);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The process was restarted: the retry queue died with it.
        }
        finally
        {
            Interlocked.Decrement(ref pending);
        }
    }

    private async Task<int?> Post(string url, byte[] body, IReadOnlyDictionary<string, string>? headers, CancellationToken cancel)
    {
        using var timeout = clock.CancelAfter(options.WebhookTimeout, options.ShortestWebhookTimeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            var method = HttpMethod.Post;
            for (var hop = 0; hop <= MaximumRedirects; hop++)
            {
                using var request = Request(method, url, body, headers);
                using var response = await Client.SendAsync(request, both.Token);
                var status = (int)response.StatusCode;
                if (status is < 300 or >= 400 || response.Headers.Location is not { } location) return status;
                url = new Uri(request.RequestUri!, location).ToString();
                // axios follows 301, 302 and 303 as GET without the body: the receiver never sees the event.
                if (status is not (307 or 308)) method = HttpMethod.Get;
            }
            return null;
        }
        catch (Exception error) when (error is HttpRequestException or UriFormatException or InvalidOperationException or IOException)
        {
            return null;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string url, byte[] body, IReadOnlyDictionary<string, string>? headers)
    {
        var request = new HttpRequestMessage(method, url);
        if (method == HttpMethod.Post)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/plain, */*");
        request.Headers.TryAddWithoutValidation("User-Agent", "axios/1.12.2");
        foreach (var (key, value) in headers ?? new Dictionary<string, string>())
            if (key != "jwt_key" && !(key.Equals("authorization", StringComparison.OrdinalIgnoreCase) && headers!.ContainsKey("jwt_key")))
                request.Headers.TryAddWithoutValidation(key, value);
        if (headers is not null && headers.TryGetValue("jwt_key", out var jwtKey))
            request.Headers.TryAddWithoutValidation("authorization", "Bearer " + WebhookJwt.Sign(jwtKey, clock.Now));
        return request;
    }

    private byte[] Body(Instance instance, string name, object? data, string destination)
    {
        var body = new Dictionary<string, object?>
        {
            ["event"] = name,
            ["instance"] = instance.Name,
            ["data"] = data,
            ["destination"] = destination,
            // Local wall-clock time that is labelled as UTC.
            ["date_time"] = Json.Iso(clock.Now + options.UtcOffset)
        };
        // undefined before the first login of this process, and therefore absent.
        if (instance.Wuid is { } sender) body["sender"] = sender;
        body["server_url"] = ServerUrl;
        body["apikey"] = options.ExposeTokens ? instance.Token : null;
        return Json.Bytes(body);
    }

    private void Log(Delivery delivery)
    {
        deliveries.Enqueue(delivery);
        if (deliveries.Count > KeptDeliveries) deliveries.TryDequeue(out _);
    }
}
