using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Faults;

/// <summary>Sends an answer, spoilt by a fault if there is one.</summary>
internal static class Faulty
{
    /// <param name="context">The call.</param>
    /// <param name="answer">What the route answered; null when the fault came before it.</param>
    /// <param name="fault">The fault that strikes this call, or null.</param>
    /// <param name="failure">What the product answers with a status of <see cref="FaultKind.Status"/>.</param>
    /// <param name="log">Told the status before anything is sent, so that a caller who has its answer also finds it logged.</param>
    /// <param name="cancel">The caller gave up, or the gateway was restarted.</param>
    public static async Task Send(HttpContext context, Answer? answer, Fault? fault, Func<int, Answer> failure, Action<int> log, CancellationToken cancel)
    {
        switch (fault?.Kind)
        {
            case FaultKind.Hang:
                log(0);
                await Task.Delay(Timeout.Infinite, cancel);
                return;
            case FaultKind.Reset:
                log(0);
                context.Abort();
                return;
            case FaultKind.Status:
                await Write(context, failure(fault.Status), log, cancel);
                return;
            case FaultKind.WrongJson:
                await Write(context, Answer.Ok(new { data = new { items = new[] { 1, 2, 3 } } }), log, cancel);
                return;
            case FaultKind.TruncatedJson:
                await Write(context, answer! with { Body = answer.Body[..(answer.Body.Length / 2)] }, log, cancel);
                return;
            case FaultKind.HugeBody:
                await WriteHuge(context, fault.Bytes, log, cancel);
                return;
            default:
                await Write(context, answer!, log, cancel);
                return;
        }
    }

    private static async Task Write(HttpContext context, Answer answer, Action<int> log, CancellationToken cancel)
    {
        log(answer.Status);
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, cancel);
    }

    private static async Task WriteHuge(HttpContext context, int bytes, Action<int> log, CancellationToken cancel)
    {
        log(200);
        context.Response.ContentType = "application/json; charset=utf-8";
        var chunk = new byte[64 * 1024];
        chunk.AsSpan().Fill((byte)' ');
        await context.Response.Body.WriteAsync("["u8.ToArray(), cancel);
        for (var left = bytes - 2; left > 0; left -= chunk.Length)
            await context.Response.Body.WriteAsync(chunk.AsMemory(0, Math.Min(left, chunk.Length)), cancel);
        await context.Response.Body.WriteAsync("]"u8.ToArray(), cancel);
    }
}
