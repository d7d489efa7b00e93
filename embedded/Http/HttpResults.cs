using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Mvc.JsonOptions;

namespace WhatsOps.Embedded.Http;

/// <summary>Writes what a function returned: IActionResult, IResult, text, or anything else as JSON.</summary>
internal sealed class HttpResults(IOptions<JsonOptions> options)
{
    private static readonly ActionDescriptor Action = new();

    private readonly JsonSerializerOptions json = options.Value.JsonSerializerOptions;

    /// <summary>
    /// MVC's results ask the container for their executors. These few are all that is needed; AddMvcCore would add a hundred services.
    /// </summary>
    public static void AddTo(IServiceCollection services)
    {
        services.TryAddSingleton<HttpResults>();
        services.TryAddSingleton<IActionResultExecutor<ObjectResult>, ObjectExecutor>();
        services.TryAddSingleton<IActionResultExecutor<JsonResult>, JsonExecutor>();
        services.TryAddSingleton<IActionResultExecutor<ContentResult>, ContentExecutor>();
        services.TryAddSingleton<IActionResultExecutor<FileContentResult>, FileContentResultExecutor>();
        services.TryAddSingleton<IActionResultExecutor<FileStreamResult>, FileStreamResultExecutor>();
        services.TryAddSingleton<IActionResultExecutor<PhysicalFileResult>, PhysicalFileResultExecutor>();
        services.TryAddSingleton<IActionResultExecutor<RedirectResult>, RedirectExecutor>();
    }

    public Task WriteAsync(HttpContext http, object? result)
    {
        switch (result)
        {
            case null:
                return Task.CompletedTask;
            case StatusCodeResult status:
                http.Response.StatusCode = status.StatusCode;
                return Task.CompletedTask;
            case IActionResult action:
                return action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), Action));
            case IResult minimal:
                return minimal.ExecuteAsync(http);
            case string text:
                http.Response.ContentType = "text/plain; charset=utf-8";
                return http.Response.WriteAsync(text, http.RequestAborted);
            default:
                return http.Response.WriteAsJsonAsync(result, result.GetType(), json, http.RequestAborted);
        }
    }

    public static Task WriteProblemAsync(HttpContext http, int status, string detail) => http.Response.WriteAsJsonAsync(
        new ProblemDetails { Status = status, Detail = detail },
        JsonSerializerOptions.Web,
        "application/problem+json",
        http.RequestAborted);

    private sealed class ObjectExecutor(IOptions<JsonOptions> options) : IActionResultExecutor<ObjectResult>
    {
        public Task ExecuteAsync(ActionContext context, ObjectResult result)
        {
            if (result.Value is ProblemDetails { Status: { } status })
                result.StatusCode ??= status;
            result.OnFormatting(context);
            var response = context.HttpContext.Response;
            var cancellation = context.HttpContext.RequestAborted;
            if (result.StatusCode is { } code)
                response.StatusCode = code;
            if (result.Value is null)
            {
                // As MVC's formatters do: nothing to say is "no content", unless another status was asked for.
                if (response.StatusCode == StatusCodes.Status200OK)
                    response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            }

            var type = result.ContentTypes.Count > 0 ? result.ContentTypes[0] : null;
            if (result.Value is string text)
            {
                response.ContentType = type ?? "text/plain; charset=utf-8";
                return response.WriteAsync(text, cancellation);
            }

            type ??= result.Value is ProblemDetails ? "application/problem+json; charset=utf-8" : "application/json; charset=utf-8";
            return response.WriteAsJsonAsync(result.Value, result.Value.GetType(), options.Value.JsonSerializerOptions, type, cancellation);
        }
    }

    private sealed class JsonExecutor(IOptions<JsonOptions> options) : IActionResultExecutor<JsonResult>
    {
        public Task ExecuteAsync(ActionContext context, JsonResult result)
        {
            var response = context.HttpContext.Response;
            if (result.StatusCode is { } code)
                response.StatusCode = code;
            return response.WriteAsJsonAsync(
                result.Value,
                result.Value?.GetType() ?? typeof(object),
                result.SerializerSettings as JsonSerializerOptions ?? options.Value.JsonSerializerOptions,
                result.ContentType ?? "application/json; charset=utf-8",
                context.HttpContext.RequestAborted);
        }
    }

    private sealed class ContentExecutor : IActionResultExecutor<ContentResult>
    {
        public Task ExecuteAsync(ActionContext context, ContentResult result)
        {
            var response = context.HttpContext.Response;
            if (result.StatusCode is { } code)
                response.StatusCode = code;
            response.ContentType = result.ContentType ?? "text/plain; charset=utf-8";
            return result.Content is { } text ? response.WriteAsync(text, context.HttpContext.RequestAborted) : Task.CompletedTask;
        }
    }

    private sealed class RedirectExecutor : IActionResultExecutor<RedirectResult>
    {
        public Task ExecuteAsync(ActionContext context, RedirectResult result)
        {
            var response = context.HttpContext.Response;
            response.StatusCode = (result.Permanent, result.PreserveMethod) switch
            {
                (false, false) => StatusCodes.Status302Found,
                (true, false) => StatusCodes.Status301MovedPermanently,
                (false, true) => StatusCodes.Status307TemporaryRedirect,
                (true, true) => StatusCodes.Status308PermanentRedirect,
            };
            response.Headers.Location = result.Url;
            return Task.CompletedTask;
        }
    }
}
