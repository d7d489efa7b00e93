using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace WhatsOps.ConformanceApp;

/// <summary>Keys, routes and results.</summary>
public sealed class HttpFunctions(Counters counters)
{
    [Function("Open")]
    public IActionResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post")] HttpRequest request) => new OkObjectResult(request.Method);

    [Function("Keyed")]
    public IActionResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkObjectResult(request.Method);

    [Function("Administered")]
    public IActionResult Administered([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new OkObjectResult(request.Method);

    [Function("Item")]
    public IActionResult Item(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}/{part?}")] HttpRequest request, int id, string? part) =>
        new OkObjectResult(new { id, part, host = request.Host.HasValue });

    [Function("Echo")]
    public IActionResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "echo")] HttpRequest request, [FromBody] Order order) =>
        new JsonResult(order) { StatusCode = request.Query.ContainsKey("created") ? 201 : 200 };

    [Function("Answer")]
    public IActionResult Answer([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "answers/{kind}")] HttpRequest request, string kind) => kind switch
    {
        "empty" => new NoContentResult(),
        "text" => new ContentResult { Content = "<b>", ContentType = "text/html", StatusCode = 418 },
        "file" => new FileContentResult("a;b"u8.ToArray(), "text/csv"),
        "conflict" => new ConflictObjectResult(new { kind }),
        "missing" => new NotFoundResult(),
        _ => throw new InvalidOperationException("details that no caller may see: " + request.Path),
    };

    [Function("Count")]
    public IActionResult Count([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "counts/{name}")] HttpRequest request, string name) =>
        new OkObjectResult(new { name, count = counters.Read(name), request.Method });

    [Function("Tick")]
    public void Tick([TimerTrigger("%TickSchedule%")] TimerInfo timer) => counters.Add(timer.IsPastDue ? "late" : "tick");
}
