using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WhatsOps.Tests.Integration.Faults;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace WhatsOps.Tests.Integration.Embedded;

public sealed class HttpFunctionTests : IAsyncLifetime
{
    private TestFunctionHost host = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = TestFunctionHost.Builder([typeof(Sample)], "--FUNCTIONS_REQUEST_BODY_SIZE_LIMIT=2000");
        builder.Services.AddSingleton<Counter>();
        builder.Services.AddScoped<PerInvocation>();
        builder.UseMiddleware<Stamp>();
        host = await TestFunctionHost.StartAsync(builder);
    }

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("Open", null, HttpStatusCode.OK)]
    [InlineData("Keyed", null, HttpStatusCode.Unauthorized)]
    [InlineData("Keyed", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("Keyed", TestFunctionHost.FunctionKey, HttpStatusCode.OK)]
    [InlineData("Keyed", TestFunctionHost.MasterKey, HttpStatusCode.OK)]
    [InlineData("Administered", TestFunctionHost.FunctionKey, HttpStatusCode.Unauthorized)]
    [InlineData("Administered", TestFunctionHost.MasterKey, HttpStatusCode.OK)]
    public async Task The_authorization_level_decides_which_key_opens_a_function(string function, string? key, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await host.SendAsync(HttpMethod.Get, $"api/{function}", key)).StatusCode);
        if (key is not null)
            Assert.Equal(expected, (await host.SendAsync(HttpMethod.Get, $"api/{function}?code={key}")).StatusCode);
    }

    [Fact]
    public async Task Keys_never_reach_the_log()
    {
        await host.SendAsync(HttpMethod.Get, $"api/Keyed?code={TestFunctionHost.FunctionKey}");
        await host.SendAsync(HttpMethod.Get, "api/Keyed?code=a-wrong-key-with-a-typo");
        await host.SendAsync(HttpMethod.Get, $"api/Fails?code={TestFunctionHost.FunctionKey}");
        Assert.DoesNotContain(host.Logs.Lines, line => line.Contains("function-key", StringComparison.Ordinal) || line.Contains("a-wrong-key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("api/runs/7", "run 7 of -")]
    [InlineData("api/runs/7/acme", "run 7 of acme")]
    public async Task Route_values_are_bound_by_name_and_optional_parts_may_be_missing(string path, string expected) =>
        Assert.Equal(expected, await host.Client.GetStringAsync(path));

    [Theory]
    [InlineData("api/runs/seven", HttpStatusCode.NotFound)]
    [InlineData("api/numbers/seven", HttpStatusCode.BadRequest)]
    [InlineData("api/numbers/7", HttpStatusCode.OK)]
    [InlineData("api/nowhere", HttpStatusCode.NotFound)]
    [InlineData("runs/7", HttpStatusCode.NotFound)]
    public async Task Constraints_and_types_decide_what_an_address_may_be(string path, HttpStatusCode expected) =>
        Assert.Equal(expected, (await host.Client.GetAsync(path)).StatusCode);

    [Fact]
    public async Task One_route_may_belong_to_two_functions_by_method()
    {
        Assert.Equal("read", await host.Client.GetStringAsync("api/things"));
        Assert.Equal("written a", await (await host.Client.PostAsJsonAsync("api/things", new Thing("a"))).Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("{\"name\": {\"secret\": 1}}", "$.name")]
    [InlineData("null", "must not be null")]
    [InlineData("", "$")]
    public async Task A_body_that_does_not_fit_is_400_and_says_where(string body, string where)
    {
        var response = await host.SendAsync(HttpMethod.Post, "api/things", content: new StringContent(body, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(where, text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413() =>
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await host.Client.PostAsJsonAsync("api/things", new Thing(new string('x', 3000)))).StatusCode);

    [Fact]
    public async Task An_unhandled_exception_is_500_without_details_and_is_logged()
    {
        var response = await host.SendAsync(HttpMethod.Get, "api/Fails", TestFunctionHost.FunctionKey);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("", await response.Content.ReadAsStringAsync());
        Assert.Contains(host.Logs.Lines, line => line.Contains("Function Fails failed", StringComparison.Ordinal) && line.Contains("the inner reason", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("object", HttpStatusCode.OK, "application/json", "{\"name\":\"a\"}")]
    [InlineData("nothing", HttpStatusCode.NoContent, null, "")]
    [InlineData("text", HttpStatusCode.OK, "text/plain", "words")]
    [InlineData("json", HttpStatusCode.Accepted, "application/json", "{\"name\":\"b\"}")]
    [InlineData("content", HttpStatusCode.Conflict, "text/html", "<p>")]
    [InlineData("file", HttpStatusCode.OK, "text/csv", "a;b")]
    [InlineData("status", HttpStatusCode.Gone, null, "")]
    [InlineData("problem", HttpStatusCode.UnprocessableEntity, "application/problem+json", "{\"status\":422}")]
    [InlineData("redirect", HttpStatusCode.Found, null, "")]
    [InlineData("minimal", HttpStatusCode.OK, "application/json", "{\"name\":\"c\"}")]
    public async Task Results_are_written_as_MVC_would(string kind, HttpStatusCode status, string? type, string body)
    {
        var response = await host.Client.GetAsync($"api/results/{kind}");
        Assert.Equal((status, type, body), (response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync()));
    }

    [Fact]
    public async Task A_plain_object_is_JSON() => Assert.Equal("{\"name\":\"plain\"}", await host.Client.GetStringAsync("api/Plain"));

    [Fact]
    public async Task Middleware_wraps_the_function_and_the_scope_ends_with_the_invocation()
    {
        var response = await host.Client.GetAsync("api/Open");
        Assert.Equal("Open", response.Headers.GetValues("x-stamp").Single());
        await host.Client.GetAsync("api/Open");
        var counter = host.Services.GetRequiredService<Counter>();
        // The answer is sent before the scope ends.
        await Waiting.UntilAsync(() => counter.Disposed == 2);
        Assert.Equal((2, 2), (counter.Created, counter.Disposed));
    }

    [Fact]
    public async Task The_admin_list_needs_the_master_key_and_shows_triggers()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await host.SendAsync(HttpMethod.Get, "admin/functions", TestFunctionHost.FunctionKey)).StatusCode);
        var list = await (await host.SendAsync(HttpMethod.Get, "admin/functions", TestFunctionHost.MasterKey)).Content.ReadAsStringAsync();
        Assert.Contains("\"name\":\"Keyed\"", list, StringComparison.Ordinal);
        Assert.Contains("\"type\":\"httpTrigger\"", list, StringComparison.Ordinal);
        var status = await (await host.SendAsync(HttpMethod.Get, "admin/host/status", TestFunctionHost.MasterKey)).Content.ReadAsStringAsync();
        Assert.Contains("\"state\":\"Running\"", status, StringComparison.Ordinal);
    }

    public sealed record Thing(string Name);

    public sealed class Counter
    {
        private int created;
        private int disposed;

        public int Created => Volatile.Read(ref created);

        public int Disposed => Volatile.Read(ref disposed);

        public void AddCreated() => Interlocked.Increment(ref created);

        public void AddDisposed() => Interlocked.Increment(ref disposed);
    }

    public sealed class PerInvocation : IDisposable
    {
        private readonly Counter counter;

        public PerInvocation(Counter counter)
        {
            this.counter = counter;
            counter.AddCreated();
        }

        public void Dispose() => counter.AddDisposed();
    }

    public sealed class Stamp : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            context.GetHttpContext()!.Response.Headers["x-stamp"] = context.FunctionDefinition.Name;
            return next(context);
        }
    }

    public sealed class Sample(IServiceProvider services)
    {
        [Function("Open")]
        public IActionResult Open([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context)
        {
            context.InstanceServices.GetRequiredService<PerInvocation>();
            return new OkObjectResult(services.GetType().Name + request.Method + context.InvocationId);
        }

        [Function("Keyed")]
        public IActionResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkObjectResult(request.Path);

        [Function("Administered")]
        public IActionResult Administered([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new OkObjectResult(request.Path);

        [Function("Run")]
        public string Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "runs/{id:int}/{tenant?}")] HttpRequest request, int id, string? tenant) =>
            $"run {id} of {tenant ?? "-"}";

        [Function("Number")]
        public string Number([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{number}")] HttpRequest request, long number) => $"{number}";

        [Function("ReadThing")]
        public string ReadThing([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things")] HttpRequest request) => "read";

        [Function("WriteThing")]
        public async Task<IActionResult> WriteThing(
            [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "things")] HttpRequest request, [FromBody] Thing thing, CancellationToken cancellation)
        {
            await Task.Delay(1, cancellation);
            return new ContentResult { Content = "written " + thing.Name };
        }

        [Function("Fails")]
        public async Task<IActionResult> Fails([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request)
        {
            await Task.Yield();
            throw new InvalidOperationException("the inner reason");
        }

        [Function("Plain")]
        public static Thing Plain([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new("plain");

        [Function("Results")]
        public object Results([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "results/{kind}")] HttpRequest request, string kind) => kind switch
        {
            "object" => new OkObjectResult(new Thing("a")),
            "nothing" => new OkObjectResult(null),
            "text" => new OkObjectResult("words"),
            "json" => new JsonResult(new Thing("b")) { StatusCode = 202 },
            "content" => new ContentResult { Content = "<p>", ContentType = "text/html", StatusCode = 409 },
            "file" => new FileContentResult("a;b"u8.ToArray(), "text/csv"),
            "status" => new StatusCodeResult(410),
            "problem" => new ObjectResult(new ProblemDetails { Status = 422 }),
            "redirect" => new RedirectResult("/elsewhere"),
            _ => Microsoft.AspNetCore.Http.Results.Ok(new Thing("c")),
        };
    }
}
