using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using WhatsOps.Simulator.Faults;

namespace WhatsOps.Simulator.Http;

/// <summary>One call from the socket to the answer: body, fault, route, log.</summary>
internal sealed class GatewayHandler(Gateway gateway)
{
    private readonly Router router = new(gateway);

    public async Task Handle(HttpContext context)
    {
        if (gateway.Down)
        {
            context.Abort();
            return;
        }
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var key = context.Request.Headers.TryGetValue("apikey", out var values) ? values.ToString() : null;
        var request = new GatewayRequest(context.Request.Method, target, key);
        var unreadable = await ReadBody(context, request);
        var call = gateway.Calls.Begin(gateway.Clock.Now, request);
        var fault = gateway.Faults.Match(request.Method, request.Path, request.InstanceName);
        request.Pretend = fault?.Kind == FaultKind.Pretend;
        var life = gateway.Life.Token;
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(life, context.RequestAborted);
        try
        {
            await gateway.Clock.DelayReal(gateway.Options.Latency, cut.Token);
            if (fault is { Kind: FaultKind.Slow }) await gateway.Clock.DelayReal(fault.Delay, cut.Token);
            var answer = fault is not { LetsAct: false } ? unreadable ?? await router.Handle(request) : null;
            call.Acted = request.Acted;
            life.ThrowIfCancellationRequested();
            await Faulty.Send(context, answer, fault, Failure, status => gateway.Calls.End(call, status), cut.Token);
        }
        catch (OperationCanceledException)
        {
            call.Acted = request.Acted;
            gateway.Calls.End(call, 0);
            context.Abort();
        }
    }

    private static Answer Failure(int status) => Answer.Error(status, ReasonPhrases.GetReasonPhrase(status), "simulated fault");

    // Express parses the body before it looks at the path or the key.
    private static async Task<Answer?> ReadBody(HttpContext context, GatewayRequest request)
    {
        if (context.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase) != true) return null;
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        if (buffer.Length == 0) return null;
        try
        {
            using var document = JsonDocument.Parse(buffer.ToArray());
            request.Body = document.RootElement.Clone();
            return null;
        }
        catch (JsonException error)
        {
            var text = Encoding.UTF8.GetString(buffer.ToArray());
            var message = text.TrimEnd().EndsWith(',')
                ? $"Expected double-quoted property name in JSON at position {text.Length}"
                : $"Unexpected token in JSON at position {error.BytePositionInLine}";
            // The parser's 400 under the name of a 500.
            return Answer.Error(400, "Internal Server Error", message);
        }
    }
}
