using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Backups over HTTP: make one now, list them, hold one, prove one, delete what is over, rebuild the catalogue.</summary>
public sealed class BackupFunctions(IServiceProvider services, IOperators operators, IAuditTrail audit)
{
    // The generated code of the official host makes function classes public, these are not.
    private BackupCatalogue Catalogue => services.GetRequiredService<BackupCatalogue>();

    private BackupDesk Desk => services.GetRequiredService<BackupDesk>();

    /// <summary>Body <c>{"system":"…"}</c>; 202 with the set, which is being made.</summary>
    [Function("StartBackup")]
    public async Task<IActionResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var set = await Desk.RequestAsync(await SystemAsync(request, cancellation), caller.Name, cancellation);
        await Desk.StartAsync(client, cancellation);
        return new ObjectResult(set) { StatusCode = StatusCodes.Status202Accepted };
    }

    /// <summary>The newest first; <c>?system=</c>, <c>?state=</c>, <c>?limit=</c> (R-221).</summary>
    [Function("ListBackups")]
    public async Task<IActionResult> List([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "backups")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var state = request.Query.Text("state") is { } text
            ? SnakeName<BackupState>.TryParse(text, out var known) ? known : throw new ProblemException(400, $"There is no state {text}.", "state", "running, complete, failed or deleted.")
            : (BackupState?)null;
        var limit = 50;
        if (request.Query.Text("limit") is { } number && !(int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out limit) && limit is > 0 and <= 1000))
            throw new ProblemException(400, "The limit is not between 1 and 1000.", "limit");
        return new OkObjectResult(await Catalogue.ListAsync(request.Query.Text("system"), state, limit, cancellation));
    }

    [Function("GetBackup")]
    public async Task<IActionResult> Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "backups/{id:guid}")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        return new OkObjectResult(await FindAsync(id, cancellation));
    }

    /// <summary>A held set is never deleted: legal hold, or the state before a change.</summary>
    [Function("HoldBackup")]
    public async Task<IActionResult> Hold([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/{id:guid}/hold")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        return await HoldAsync(id, caller, caller.Name, "backup.hold", cancellation);
    }

    [Function("ReleaseBackup")]
    public async Task<IActionResult> Release([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/{id:guid}/release")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        return await HoldAsync(id, caller, null, "backup.release", cancellation);
    }

    /// <summary>Reads every stored byte of the set back, objects that it shares with others too, and compares with the manifest.</summary>
    [Function("VerifyBackup")]
    public async Task<IActionResult> Verify([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/{id:guid}/verify")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var set = await FindAsync(id, cancellation);
        try
        {
            await services.GetRequiredService<SetVerification>().RunAsync(Complete(set), cancellation);
        }
        catch (BackupException problem)
        {
            throw new ProblemException(409, problem.Message, null, "Make a new one now: whatsops backup.");
        }

        return new OkObjectResult(set);
    }

    /// <summary>The fleet file of a set, to be applied by a WhatsOps that lost everything. It holds references and key hashes, no secret.</summary>
    [Function("GetBackupFleet")]
    public async Task<IActionResult> Fleet([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "backups/{id:guid}/fleet")] HttpRequest request, Guid id, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var set = await FindAsync(id, cancellation);
        var manifest = Complete(set);
        try
        {
            await using var content = await services.GetRequiredService<PartReader>().OpenAsync(manifest, manifest.Parts.First(part => part.Kind == FleetSource.PartName), cancellation);
            var text = await new StreamReader(content).ReadToEndAsync(cancellation);
            await audit.RecordAsync(caller.Name, "backup.fleet", set.System, null, id.ToString(), cancellation);
            return new ContentResult { Content = text, ContentType = "application/json; charset=utf-8" };
        }
        catch (Exception problem) when (problem is BackupException or CryptographicException or InvalidDataException)
        {
            throw new ProblemException(409, problem.Message, null, "Take another set: whatsops backups.");
        }
    }

    /// <summary>Body <c>{"system":"…"}</c>; <c>?dryRun=true</c> tells only what would be deleted, and why the rest is kept.</summary>
    [Function("PruneBackups")]
    public async Task<IActionResult> Prune([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/prune")] HttpRequest request, CancellationToken cancellation)
    {
        var dryRun = request.Query.Text("dryRun") switch { null or "false" => false, "true" => true, _ => throw new ProblemException(400, "dryRun is neither true nor false.", "dryRun") };
        var caller = await operators.RequireAsync(request, dryRun ? OperatorRole.Viewer : OperatorRole.Approver, cancellation);
        var system = await SystemAsync(request, cancellation);
        var verdicts = await services.GetRequiredService<BackupPruning>().PruneAsync(system, dryRun, cancellation);
        if (!dryRun) await audit.RecordAsync(caller.Name, "backup.prune", system, null, $"{verdicts.Count(verdict => verdict.IsOver)} sets", cancellation);
        return new OkObjectResult(verdicts);
    }

    /// <summary>Puts every set whose manifest is in storage, and that the catalogue lacks, back into it.</summary>
    [Function("RebuildBackups")]
    public async Task<IActionResult> Rebuild([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/rebuild")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var rebuilt = await services.GetRequiredService<CatalogueRebuild>().RunAsync(cancellation);
        await audit.RecordAsync(caller.Name, "backup.rebuild", null, null, $"{rebuilt.Restored} sets", cancellation);
        return new OkObjectResult(rebuilt);
    }

    /// <summary>
    /// Body <c>{"sha256":"…"}</c> of the 32 bytes of a copy of the data key that is kept off this machine. Right: it is written down that this key has a copy, and
    /// doctor is content until the key changes.
    /// </summary>
    [Function("ConfirmKeyCopy")]
    public async Task<IActionResult> ConfirmKeyCopy([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "backups/key-copy")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var hash = (await JsonBody.ReadAsync<KeyCopy>(request, cancellation))?.Sha256 ?? throw new ProblemException(400, "The hash is missing.", "$.sha256");
        var keyHash = services.GetRequiredService<ISecretProtector>().KeyHash;
        if (!string.Equals(hash, keyHash, StringComparison.OrdinalIgnoreCase))
            throw new ProblemException(409, "This is not a copy of the key that encrypts now.", "$.sha256", "Copy the last line of the data key file, and confirm that copy.");
        await audit.RecordAsync(caller.Name, KeyCopies.Action, null, null, KeyCopies.Detail(keyHash), cancellation);
        return new OkObjectResult(new KeyCopyView(KeyCopies.Detail(keyHash)));
    }

    /// <summary>What the clock asked for, and what a stopped process left, goes on.</summary>
    [Function("BackupStarter")]
    public Task Starter([TimerTrigger("*/30 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellation) =>
        Desk.StartAsync(client, cancellation);

    private static BackupManifest Complete(BackupSet set) => set is { State: BackupState.Complete, Manifest: { } manifest } ? manifest
        : throw new ProblemException(409, $"Set {set.Id} is not complete but {SnakeName<BackupState>.Of(set.State)}.", "id", "List those that are: whatsops backups --state complete.");

    private async Task<IActionResult> HoldAsync(Guid id, Operator caller, string? by, string action, CancellationToken cancellation)
    {
        var set = await FindAsync(id, cancellation);
        if (!await Catalogue.HoldAsync(id, by, cancellation)) Complete(set);
        await audit.RecordAsync(caller.Name, action, set.System, null, id.ToString(), cancellation);
        return new OkObjectResult(await FindAsync(id, cancellation));
    }

    private async Task<BackupSet> FindAsync(Guid id, CancellationToken cancellation) =>
        await Catalogue.FindAsync(id, cancellation) ?? throw new ProblemException(404, $"There is no backup set {id}.", "id", "List them: whatsops backups.");

    private static async Task<string> SystemAsync(HttpRequest request, CancellationToken cancellation) =>
        (await JsonBody.ReadAsync<SystemRequest>(request, cancellation))?.System is { Length: > 0 } system ? system
            : throw new ProblemException(400, "The system is missing.", "$.system", "Name it; whatsops fleet show lists them.");

    internal sealed record SystemRequest(string? System);

    internal sealed record KeyCopy(string? Sha256);

    internal sealed record KeyCopyView(string Key);
}
