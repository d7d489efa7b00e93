using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Console;

/// <summary>The API's own description; it tells no secret, so it asks for no key.</summary>
public static class OpenApiFunctions
{
    private static readonly Lazy<string> Document = new(() => OpenApiDocument.Build(typeof(OpenApiDocument).Assembly).ToJsonString());

    [Function("OpenApi")]
    public static IActionResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "openapi.json")] HttpRequest request) =>
        new ContentResult { Content = Document.Value, ContentType = "application/json", StatusCode = StatusCodes.Status200OK };
}
