using System.Text.Json;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Control;

/// <summary>How a control under /__sim reads and answers: a caller's mistake is a 400 with its reason. Loopback only, therefore without a key; never logged as calls.</summary>
internal static class ControlHttp
{
    /// <param name="control">Null: there is no such control.</param>
    public static async Task HandleAsync(HttpContext context, Func<string, Task<Answer?>> control)
    {
        var name = $"{context.Request.Method} {context.Request.Path.Value!["/__sim".Length..]}";
        Answer answer;
        try
        {
            answer = await control(name) ?? Answer.NotFound($"No control {name}");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or JsonException or FormatException)
        {
            answer = Answer.BadRequest(error.Message);
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    public static async Task<T> ReadAsync<T>(HttpContext context) =>
        await JsonSerializer.DeserializeAsync<T>(context.Request.Body, Json.Options, context.RequestAborted) ?? throw new JsonException("null");

    public static Answer Done(Action act)
    {
        act();
        return Answer.Ok(new { done = true });
    }

    public static async Task<Answer> DoneAsync(Task act)
    {
        await act;
        return Answer.Ok(new { done = true });
    }
}
