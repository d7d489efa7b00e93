using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Console;

/// <summary>Turns what HTTP functions throw into <c>{error, field, fix}</c> with a fitting status; anything unforeseen stays an error of the host.</summary>
public sealed class ProblemMiddleware(ILogger<ProblemMiddleware> log) : IFunctionsWorkerMiddleware
{
    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (Exception thrown) when (context.GetHttpContext() is { Response.HasStarted: false } && Describe(thrown) is not null)
        {
            var http = context.GetHttpContext()!;
            var problem = Describe(thrown)!;
            if (problem.Status >= 500) log.LogWarning("{Function} answered {Status}: {Problem}", context.FunctionDefinition.Name, problem.Status, problem.Message);
            http.Response.StatusCode = problem.Status;
            if (problem.Status == StatusCodes.Status503ServiceUnavailable) http.Response.Headers.RetryAfter = "5";
            await http.Response.WriteAsJsonAsync(new { error = problem.Message, field = problem.Field, fix = problem.Fix }, http.RequestAborted);
        }
    }

    private static ProblemException? Describe(Exception thrown) => thrown switch
    {
        // The official worker wraps what a function throws.
        AggregateException { InnerExceptions: [var inner] } => Describe(inner),
        ProblemException problem => problem,
        AccessDeniedException denied => new ProblemException(denied.Status, denied.Message, null,
            denied.Status == 401 ? "Send your operator key in header x-whatsops-key." : "Ask an operator with a higher role."),
        MissingSecretException missing => new ProblemException(503, missing.Message),
        // The body of a request only: functions parse nothing else with exceptions.
        JsonException malformed => new ProblemException(400, "The body is not the JSON this route expects.", malformed.Path, malformed.Message),
        BadHttpRequestException bad => new ProblemException(bad.StatusCode, bad.Message),
        NpgsqlException { IsTransient: true } or TimeoutException =>
            new ProblemException(503, "The operations database does not answer.", null, "Try again; if it lasts, run whatsops doctor."),
        _ => null,
    };
}
