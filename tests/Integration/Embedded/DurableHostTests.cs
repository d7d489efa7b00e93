using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>What the host adds around the engine: binding, middleware, scopes, time-outs, and answers while the database is away.</summary>
public sealed class DurableHostTests : IAsyncLifetime
{
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Middleware_wraps_orchestrators_and_activities_and_inputs_are_bound()
    {
        var seen = new ConcurrentQueue<string>();
        var builder = TestFunctionHost.Builder([typeof(Sample)], $"--EmbeddedHost:Database={database.ConnectionString}");
        builder.UseMiddleware(async (context, next) =>
        {
            seen.Enqueue("before " + context.FunctionDefinition.Name);
            await next();
            seen.Enqueue("after " + context.FunctionDefinition.Name);
        });
        await using var host = await TestFunctionHost.StartAsync(builder);

        var finished = await RunAsync(host, "Sum", new Numbers([1, 2, 3]));

        Assert.Equal(6, finished.ReadOutputAs<int>());
        Assert.Equal(["before Sum", "before Add", "after Add", "before Add", "after Add", "before Add", "after Add", "after Sum"], seen);
    }

    [Fact]
    public async Task An_activity_that_outruns_the_function_timeout_is_cancelled_and_fails()
    {
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(Sample)], null, $"--EmbeddedHost:Database={database.ConnectionString}", "--AzureFunctionsJobHost:functionTimeout=00:00:01");

        var finished = await RunAsync(host, "CallsSlow", null);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, finished.RuntimeStatus);
        Assert.Contains("longer than functionTimeout", finished.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_may_have_another_name_than_its_function()
    {
        await using var host = await TestFunctionHost.StartAsync([typeof(Sample)], null, $"--EmbeddedHost:Database={database.ConnectionString}");
        Assert.Equal("renamed x", (await RunAsync(host, "Alias", "x")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task While_the_database_is_away_functions_that_need_it_answer_503_and_the_others_go_on()
    {
        await using var host = await TestFunctionHost.StartAsync(
            [typeof(Sample)], null, "--EmbeddedHost:Database=Host=127.0.0.1;Port=1;Timeout=1", "--AzureFunctionsJobHost:extensions:http:routePrefix=v1");

        Assert.Equal(HttpStatusCode.OK, (await host.Client.GetAsync("v1/Alive")).StatusCode);
        var start = await host.SendAsync(HttpMethod.Post, "v1/StartSum");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, start.StatusCode);
        Assert.NotNull(start.Headers.RetryAfter);
        var status = await host.SendAsync(HttpMethod.Get, "runtime/webhooks/durabletask/instances/x", TestFunctionHost.MasterKey);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status.StatusCode);
    }

    private static async Task<OrchestrationMetadata> RunAsync(TestFunctionHost host, string name, object? input)
    {
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        string? id = null;
        while (id is null)
        {
            try
            {
                id = await client.ScheduleNewOrchestrationInstanceAsync(name, input, deadline.Token);
            }
            catch (Npgsql.PostgresException e) when (e.SqlState is "42P01" or "3F000")
            {
                // The engine makes its tables in the background.
                await Task.Delay(50, deadline.Token);
            }
        }

        return await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, deadline.Token);
    }

    public sealed record Numbers(int[] Values);

    public sealed record Addition(int Left, int Right);

    public sealed class Sample
    {
        [Function("Sum")]
        public async Task<int> Sum([OrchestrationTrigger] TaskOrchestrationContext context, Numbers numbers)
        {
            var sum = 0;
            foreach (var value in numbers.Values)
                sum = await context.CallActivityAsync<int>("Add", new Addition(sum, value));
            return sum;
        }

        [Function("Add")]
        public int Add([ActivityTrigger] Addition addition, FunctionContext context) =>
            context.FunctionDefinition.Name == "Add" ? addition.Left + addition.Right : 0;

        [Function("CallsSlow")]
        public Task CallsSlow([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Slow");

        [Function("Slow")]
        public Task Slow([ActivityTrigger] TaskActivityContext context, CancellationToken cancellation) =>
            Task.Delay(context.InstanceId.Length > 0 ? Timeout.Infinite : 0, cancellation);

        [Function("FunctionWithAlias")]
        public Task<string> FunctionWithAlias([OrchestrationTrigger(Orchestration = "Alias")] TaskOrchestrationContext context, string input) =>
            context.CallActivityAsync<string>("Renamed", input);

        [Function("ActivityWithAlias")]
        public string ActivityWithAlias([ActivityTrigger(Activity = "Renamed")] string input) => "renamed " + input;

        [Function("Alive")]
        public string Alive([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => request.Method;

        [Function("StartSum")]
        public async Task<string> StartSum(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [DurableClient] DurableTaskClient client) =>
            request.Method + await client.ScheduleNewOrchestrationInstanceAsync("Sum", new Numbers([1]));
    }
}
