using System.Globalization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>POST /message/sendText: what it answers depends on what the connection has been through.</summary>
internal sealed class MessageRoutes(Gateway gateway)
{
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(60);

    public async Task<Answer> SendText(GatewayRequest request, Instance instance)
    {
        // v1.8 nests the text.
        var content = gateway.Options.IsV1 ? "textMessage" : "text";
        string[] missing = [.. new[] { "number", content }.Where(name => request.Body.Member(name) is null)
            .Select(name => $"instance requires property \"{name}\"")];
        if (missing.Length > 0) return Answer.Invalid(missing);
        if (!instance.Loaded || !instance.HasClient) return Answer.Failed("Cannot read properties of undefined (reading 'onWhatsApp')");
        if (instance.State == InstanceState.Close) return Answer.Failed("Connection Closed");
        if (instance.State == InstanceState.Connecting)
        {
            if (!instance.Paired) return Answer.BadRequest("TypeError: Cannot read properties of undefined (reading 'id')");
            await gateway.Clock.Delay(SendTimeout, CancellationToken.None);
            return Answer.BadRequest("Error: Connection Closed");
        }
        var number = request.Body.Text("number") ?? "";
        var message = Messages.Sent(gateway, instance, number.Contains('@') ? number : number + "@s.whatsapp.net", (gateway.Options.IsV1 ? request.Body.Member(content)?.Text("text") : request.Body.Text(content)) ?? "");
        if (request.Act())
        {
            Messages.Store(gateway, instance, message);
            // A zombie accepts and tells nothing.
            _ = gateway.Webhooks.Emit(instance, "send.message", message);
        }
        return Answer.Created(message);
    }

    /// <summary>POST /chat/findMessages: a page of the store, newest first; in v1.8 an array.</summary>
    public Answer Find(GatewayRequest request, Instance instance)
    {
        (DateTimeOffset At, object Message)[] stored;
        lock (instance) stored = [.. instance.Messages.OrderByDescending(message => message.At)];
        var window = request.Body.Member("where")?.Member("messageTimestamp");
        if (gateway.Options.IsV1)
        {
            // MongoDB's own words, on seconds.
            var (least, most) = (window?.Member("$gte")?.GetInt64() ?? 0, window?.Member("$lte")?.GetInt64() ?? long.MaxValue);
            var found = stored.Where(message => message.At.ToUnixTimeSeconds() >= least && message.At.ToUnixTimeSeconds() <= most);
            return Answer.Ok(found.Take(request.Body.Member("limit")?.GetInt32() ?? int.MaxValue).Select(message => Messages.Row(message.Message, "_id", instance)));
        }

        // Only both ends together count.
        if (window?.Text("gte") is { } gte && window?.Text("lte") is { } lte)
        {
            var (from, to) = (DateTimeOffset.Parse(gte, CultureInfo.InvariantCulture).ToUnixTimeSeconds(), DateTimeOffset.Parse(lte, CultureInfo.InvariantCulture).ToUnixTimeSeconds());
            stored = [.. stored.Where(message => message.At.ToUnixTimeSeconds() >= from && message.At.ToUnixTimeSeconds() <= to)];
        }

        var (page, size) = (request.Body.Member("page")?.GetInt32() ?? 1, request.Body.Member("offset")?.GetInt32() ?? 50);
        var records = stored.Skip((page - 1) * size).Take(size).Select(message => Messages.Row(message.Message, "id", instance));
        return Answer.Ok(new { messages = new { total = stored.Length, pages = (stored.Length + size - 1) / size, currentPage = page, records } });
    }
}
