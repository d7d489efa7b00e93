using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// The link in a message, instead of an operator's key: GET shows a page and changes nothing, because chat programs open every link they show;
/// POST acknowledges.
/// </summary>
public sealed class AcknowledgeFunctions(IServiceProvider services, IFleet fleet, IFindings findings, IAuditTrail audit)
{
    [Function("AcknowledgePage")]
    public async Task<IActionResult> Show(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "alerts/ack/{token}")] HttpRequest request, string token, CancellationToken cancellation) =>
        await AnswerAsync(request, token, (texts, finding, _) => Task.FromResult(AcknowledgePage.Ask(request.HttpContext.Response, texts, finding)), cancellation);

    [Function("AcknowledgeByLink")]
    public async Task<IActionResult> Acknowledge(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts/ack/{token}")] HttpRequest request, string token, CancellationToken cancellation) =>
        await AnswerAsync(request, token, (texts, finding, link) => AcknowledgeAsync(request, token, texts, finding, link, cancellation), cancellation);

    private async Task<IActionResult> AnswerAsync(
        HttpRequest request, string token, Func<AlertTexts, Finding, AcknowledgeLink, Task<ContentResult>> answer, CancellationToken cancellation)
    {
        var response = request.HttpContext.Response;
        var link = await services.GetRequiredService<AcknowledgeLinks>().FindAsync(token, cancellation);
        var texts = AlertTexts.In(link?.Language ?? Language.English);
        if (link is null || await findings.FindAsync(link.FindingId, cancellation) is not { } found)
            return AcknowledgePage.Say(response, StatusCodes.Status404NotFound, texts, null, texts.LinkUnknown);
        var finding = ToldSeverity.Of((await fleet.CurrentAsync(cancellation))?.Document.Alerts.Severities ?? [], found);
        if (link.IsUsed) return AcknowledgePage.Say(response, StatusCodes.Status410Gone, texts, finding, texts.LinkSpent);
        // What a person has decided since then is not taken back by a link.
        return finding.State == FindingState.Open || (finding.State == FindingState.Acknowledged && link.HasWorsened)
            ? await answer(texts, finding, link)
            : AcknowledgePage.Say(response, StatusCodes.Status200OK, texts, finding, texts.LinkState(finding.State.ToString().ToLowerInvariant(), finding.ChangedBy));
    }

    private async Task<ContentResult> AcknowledgeAsync(HttpRequest request, string token, AlertTexts texts, Finding finding, AcknowledgeLink link, CancellationToken cancellation)
    {
        var response = request.HttpContext.Response;
        if (!await services.GetRequiredService<AcknowledgeLinks>().UseAsync(token, cancellation))
            return AcknowledgePage.Say(response, StatusCodes.Status410Gone, texts, finding, texts.LinkSpent);
        var by = $"link:{link.Route}";
        await findings.AcknowledgeAsync(finding.Id, by, cancellation);
        await audit.RecordAsync(by, "finding.acknowledge", finding.System, finding.Tenant, string.Create(CultureInfo.InvariantCulture, $"finding {finding.Id} {finding.Kind} by a link in an alert"), cancellation);
        return AcknowledgePage.Say(response, StatusCodes.Status200OK, texts, finding, texts.LinkDone);
    }
}
