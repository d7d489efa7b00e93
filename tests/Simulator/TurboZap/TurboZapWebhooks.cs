using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.TurboZap;

/// <summary>
/// Sends events as TurboZap's dispatcher does: no signature, up to three repetitions after 1, 4 and 9 s on anything but 2xx, and one deadline of 30 s for
/// all of them together; then the event is lost.
/// </summary>
/// <param name="scale">1 is real time; tests shorten it.</param>
internal sealed class TurboZapWebhooks(double scale)
{
    private static readonly HttpClient Client = new(new SocketsHttpHandler { AllowAutoRedirect = true, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private static readonly int[] Waits = [1, 4, 9];
    private const int Deadline = 30;

    private readonly List<(string Event, int Attempts, int? Status)> _sent = [];

    /// <summary>What became of every event: how often it was tried, and the last answer.</summary>
    public IReadOnlyList<(string Event, int Attempts, int? Status)> Sent
    {
        get
        {
            lock (_sent) return [.. _sent];
        }
    }

    public async Task SendAsync(TurboZapDevice device, string name, object data)
    {
        if (device.Webhook is not { Enabled: true } hook || (hook.Events.Count > 0 && !hook.Events.Contains(name))) return;
        var timestamp = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffzzz", CultureInfo.InvariantCulture);
        var body = Json.Bytes(new Dictionary<string, object> { ["event"] = name, ["instance_id"] = device.Id, ["instance"] = device.Name, ["timestamp"] = timestamp, ["data"] = data });
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(Deadline * scale));
        var (attempts, status) = (0, (int?)null);
        try
        {
            while (true)
            {
                attempts++;
                status = await TryAsync(device, hook, name, body, deadline.Token);
                if (status is >= 200 and < 300 || attempts > Waits.Length) break;
                await Task.Delay(TimeSpan.FromSeconds(Waits[attempts - 1] * scale), deadline.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The deadline took the rest of the attempts with it.
        }

        lock (_sent) _sent.Add((name, attempts, status));
    }

    private static async Task<int?> TryAsync(TurboZapDevice device, TurboZapHook hook, string name, byte[] body, CancellationToken cancellation)
    {
        var url = hook.ByEvents ? $"{hook.Url.TrimEnd('/')}/{name.Replace('.', '-')}" : hook.Url;
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(hook.Base64 ? Encoding.ASCII.GetBytes(Convert.ToBase64String(body)) : body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(hook.Base64 ? "text/plain" : "application/json");
        request.Headers.UserAgent.ParseAdd("TurboZap-Webhook/1.0");
        request.Headers.Add("X-Webhook-Event", name);
        request.Headers.Add("X-Instance-ID", device.Id.ToString());
        if (hook.Base64) request.Headers.Add("X-Content-Transfer-Encoding", "base64");
        foreach (var (header, value) in hook.Headers) request.Headers.TryAddWithoutValidation(header, value);
        try
        {
            using var response = await Client.SendAsync(request, cancellation);
            return (int)response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
