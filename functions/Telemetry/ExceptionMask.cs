using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace WhatsOps.Telemetry;

/// <summary>Takes the message out of exceptions that libraries record on spans: PostgreSQL quotes values, and a product's rows hold its secrets. The type stays.</summary>
internal sealed class ExceptionMask : IHostedService, IDisposable
{
    private readonly ActivityListener listener = new()
    {
        ShouldListenTo = source => source.Name is "Npgsql" or "System.Net.Http",
        // Called before the span takes the exception; what stands here already is not replaced.
        ExceptionRecorder = static (Activity _, Exception problem, ref TagList tags) =>
        {
            tags.Add("exception.message", $"({problem.GetType().Name})");
            tags.Add("exception.stacktrace", problem.StackTrace ?? "");
        },
    };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(listener);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => listener.Dispose();
}
