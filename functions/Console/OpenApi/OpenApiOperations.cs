using System.Text.RegularExpressions;

namespace WhatsOps.Console;

/// <summary>The words of the OpenAPI document, by function name. A function without words here is named after itself.</summary>
internal static partial class OpenApiOperations
{
    private static readonly Dictionary<string, OpenApiOperation> Known = new()
    {
        ["ReceiveWhatsAppWebhook"] = new("Take a gateway's webhook; proof is the tenant's secret in x-whatsops-secret, or a JWT made with it", "Stored, or a duplicate")
            { IsPublic = true, Body = ["*"] },
        ["VerifyMetaWebhook"] = new("Meta's question before it delivers: the challenge comes back to whoever knows the verify token", "The challenge, as text")
            { IsPublic = true, Query = ["hub.mode", "hub.verify_token", "hub.challenge"] },
        ["ReceiveMetaWebhook"] = new("Take what Meta tells an app of the operator's own; proof is X-Hub-Signature-256 with the app's secret", "Stored, a duplicate, or empty")
            { IsPublic = true, Body = ["*"] },
        ["Live"] = new("Is the process alive", "Alive") { IsPublic = true },
        ["Ready"] = new("Can it take work: the database answers and is migrated", "Ready") { IsPublic = true },
        ["Metrics"] = new("The metrics for Prometheus; 404 while no token is set (MetricsToken)", "Prometheus text") { Key = "scraper" },
        ["OpenApi"] = new("This document", "OpenAPI 3.1") { IsPublic = true },
        ["Systems"] = new("The fleet at a glance", "A list of systems"),
        ["TenantTimeline"] = new("Everything that happened to one tenant, newest first", "The timeline") { Query = ["limit"] },
        ["ListEvents"] = new("The event log, newest first, without bodies", "Events and a paging mark") { Query = ["system", "tenant", "before", "limit"] },
        ["ListDeliveries"] = new("What the products were sent, are owed, and will not get; newest first", "Deliveries and a paging mark")
            { Query = ["system", "tenant", "state", "before", "limit"] },
        ["ReplayDeliveries"] = new("Deliver stored events again; with dryRun=true only their number", "How many events, and how many whose body is gone")
            { Body = ["system", "tenant?", "ids?", "from?", "to?", "onlyDead?"], Query = ["dryRun"] },
        ["BackfillEvents"] = new("Make events of messages that the gateway stored and never sent; with dryRun=true only their number", "How many were missing and stored")
            { Body = ["system", "tenant", "from", "to"], Query = ["dryRun"] },
        ["ListFindings"] = new("What is wrong", "A list of findings")
            { Query = ["system", "tenant", "kind", "minSeverity", "includeClosed", "before", "limit"] },
        ["GetFinding"] = new("One finding with its history", "The finding"),
        ["AcknowledgeFinding"] = new("Somebody has it", "The finding"),
        ["SilenceFinding"] = new("Do not tell about it for a while", "The finding") { Body = ["minutes?", "until?", "reason?"] },
        ["AcceptFinding"] = new("Known and accepted", "The finding") { Body = ["reason"] },
        ["CloseFinding"] = new("Close by hand", "The finding") { Body = ["reason"] },
        ["ListWatch"] = new("What is looked at besides gateways: how it is, and how available and fast it was in 24 hours", "A list of targets") { Query = ["system"] },
        ["GetWatchTarget"] = new("The newest value of every series of one target", "A list of series"),
        ["GetDashboard"] = new("The moment in one picture: instances, messages, error rates, containers, webhook events, errors; of a system, or of one instance", "The dashboard") { Query = ["instance"] },
        ["GetContainerLog"] = new("The newest lines of a container's log, without secrets and phone numbers; minutes 1 to 60 (5)", "A list of lines") { Query = ["minutes"] },
        ["CollectEvidence"] = new("Collect the evidence of an incident: logs, containers, samples, findings, runs; packed, hashed and written once. since is 2 hours ago unless it is said", "The manifest")
            { Status = "201", Body = ["since?", "reason?"] },
        ["GetEvidence"] = new("The archive of evidence that was collected", "tar.gz"),
        ["AlertmanagerNotification"] = new("Take a notification of Alertmanager in version 4; its own token, no operator's key", "Nothing") { Body = ["*"], Key = "alertmanager" },
        ["WatchNow"] = new("Look at every target of a system now, and wait", "Its targets"),
        ["ListRoutines"] = new("The routines of every system: when they are due and how the last run went", "A list of routines") { Query = ["system"] },
        ["RunRoutine"] = new("Carry a routine out now and wait for its report", "The run with its report") { Body = ["system"] },
        ["ListRoutineRuns"] = new("Runs of routines, newest first, without their reports", "A list of runs") { Query = ["system", "routine", "limit"] },
        ["GetRoutineRun"] = new("One run of a routine with its report", "The run"),
        ["MakeReport"] = new("Make a report now: performance, usage, weekly or monthly; as json, csv or html", "The report")
            { Query = ["system", "from", "to", "days", "format"] },
        ["ListReports"] = new("Reports that routines left, newest first", "A list of reports") { Query = ["system"] },
        ["GetReport"] = new("One stored report; the file is its time and format, as 2026-03-01T0800.html", "The report"),
        ["ListTasks"] = new("What is asked of people, and what checklists found, newest first", "A list of tasks") { Query = ["system", "state", "limit"] },
        ["GetTask"] = new("One task with its evidence", "The task"),
        ["SettleTask"] = new("Say what became of it: done, not-applicable, postponed (until) or failed (note)", "The task") { Body = ["outcome", "note?", "until?"] },
        ["StartEmergency"] = new("Start the emergency procedure for a finding", "Its tasks") { Body = ["system", "finding"] },
        ["ErasePhone"] = new("Erase a person's data by telephone number, in one system or all; with dryRun only count", "What was erased") { Body = ["phone", "system?", "dryRun?"] },
        ["RunbookCatalogue"] = new("The runbooks there are", "A list of runbooks"),
        ["StartRunbook"] = new("Ask for a run; with dryRun=true only its plan (200)", "The run, waiting for approval")
            { Status = "202", Body = ["system", "tenant?", "gateway?", "reason?", "parameters?"], Query = ["dryRun"] },
        ["ListRuns"] = new("Runs, newest first", "A list of runs") { Query = ["system", "tenant", "runbook", "state", "open", "limit"] },
        ["GetRun"] = new("One run with its steps", "The run"),
        ["GetRunPlan"] = new("The frozen plan of a run and its hash", "The plan"),
        ["ApproveRun"] = new("Say yes to exactly this plan; not by the one who asked", "The run") { Body = ["planHash"] },
        ["CancelRun"] = new("Stop a run before its point of no return", "The run"),
        ["ConfirmRunStep"] = new("A person's answer to a step", "The run") { Body = ["answer?"] },
        ["RunQr"] = new("The QR code a run waits for, as PNG, live from the gateway", "The picture"),
        ["AcknowledgePage"] = new("The page behind the link in an alert; it changes nothing", "HTML with a button, or what became of the finding") { IsPublic = true },
        ["AcknowledgeByLink"] = new("Acknowledge by the link in an alert", "HTML that says so") { IsPublic = true },
        ["Diagnose"] = new("Why does it not work: walks the manual's decision trees for one tenant", "The path with its evidence, the cause and the remedy") { Body = ["system", "tenant", "symptom?"] },
        ["ShowFleet"] = new("The fleet file in force; hashes of operators' keys for approvers only", "Its version, what was left out, and the document"),
        ["MakePairingLink"] = new("Make a link with which the tenant's own staff pairs the run's instance; the only answer with its token", "The link and until when it is good") { Status = "201" },
        ["PairingPage"] = new("The page of a pairing link, in Portuguese or English", "HTML; 404 alike for a link that never was, is over or is used") { IsPublic = true },
        ["PairingCode"] = new("What the page of a pairing link shows now, as JSON or PNG", "The state, the QR code and the pairing code") { IsPublic = true },
        ["Doctor"] = new("Check every endpoint of the fleet", "A list of checks, each with its fix"),
    };

    public static OpenApiOperation Find(string function) =>
        Known.GetValueOrDefault(function) ?? new OpenApiOperation(Words().Replace(function, " $1").Trim(), "Done");

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex Words();
}
