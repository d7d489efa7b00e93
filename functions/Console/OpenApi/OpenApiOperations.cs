using System.Text.Json.Nodes;
using WhatsOps.Backups;
using WhatsOps.Checklists;
using WhatsOps.Diagnosis;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Incidents;
using WhatsOps.Privacy;
using WhatsOps.Reports;
using WhatsOps.Routines;
using WhatsOps.Runbooks;
using WhatsOps.Watch;

namespace WhatsOps.Console;

/// <summary>What the OpenAPI document says about each HTTP function beyond its route, by function name. A function without an entry fails a test.</summary>
internal static class OpenApiOperations
{
    public static readonly IReadOnlyDictionary<string, OpenApiOperation> Known = new Dictionary<string, OpenApiOperation>
    {
        ["ReceiveWhatsAppWebhook"] = new("Take a gateway's webhook; proof is the tenant's secret in x-whatsops-secret, or a JWT made with it", "Stored, counted, or a duplicate")
            { IsPublic = true, Json = typeof(JsonObject), Body = typeof(JsonObject) },
        ["VerifyMetaWebhook"] = new("Meta's question before it delivers: the challenge comes back to whoever knows the verify token", "The challenge, as text")
            { IsPublic = true, Media = ["text/plain"], Query = ["hub.mode", "hub.verify_token", "hub.challenge"] },
        ["ReceiveMetaWebhook"] = new("Take what Meta tells an app of the operator's own; proof is X-Hub-Signature-256 with the app's secret", "Stored, a duplicate, or empty")
            { IsPublic = true, Json = typeof(JsonObject), Body = typeof(JsonObject) },
        ["Live"] = new("Is the process alive", "Alive") { IsPublic = true, Json = typeof(ProbeFunctions.LiveView) },
        ["Ready"] = new("Can it take work: the database answers and is migrated", "Ready") { IsPublic = true, Json = typeof(ProbeFunctions.ReadyView) },
        ["Metrics"] = new("The metrics for Prometheus; 404 while no token is set (MetricsToken)", "Prometheus text") { Key = "scraper", Media = ["text/plain"] },
        ["OpenApi"] = new("This document", "OpenAPI 3.1") { IsPublic = true, Json = typeof(JsonObject) },
        ["Systems"] = new("The fleet at a glance", "A list of systems") { Json = typeof(IReadOnlyList<SystemOverview>) },
        ["SweepNow"] = new("Look at the whole fleet now, and wait", "The report of the sweep") { Json = typeof(SweepReport) },
        ["LatestSweep"] = new("The last sweep", "Its report") { Json = typeof(SweepReport) },
        ["TenantTimeline"] = new("Everything that happened to one tenant, newest first", "The timeline") { Json = typeof(TenantTimeline), Query = ["limit"] },
        ["RotateWebhookSecret"] = new("Make a new webhook secret for a tenant; the one before stays valid until the next rotation", "The secret; this is the only time that it is shown")
            { Json = typeof(TenantSecretFunctions.RotatedSecret) },
        ["ListEvents"] = new("The event log, newest first, without bodies", "Events and a paging mark")
            { Json = typeof(EventFunctions.EventPage), Query = ["system", "tenant", "before", "limit"] },
        ["ListDeliveries"] = new("What the products were sent, are owed, and will not get; newest first", "Deliveries and a paging mark")
            { Json = typeof(DeliveryApi.DeliveryPage), Query = ["system", "tenant", "state", "before", "limit"] },
        ["ReplayDeliveries"] = new("Deliver stored events again; with dryRun=true only their number", "How many events, and how many whose body is gone")
            { Json = typeof(DeliveryApi.Replayed), Body = typeof(ReplayRequest), Required = ["system"], Query = ["dryRun"] },
        ["BackfillEvents"] = new("Make events of messages that the gateway stored and never sent; with dryRun=true only their number", "How many were missing and stored")
            { Json = typeof(BackfillResult), Body = typeof(BackfillRequest), Required = ["system", "tenant", "from", "to"], Query = ["dryRun"] },
        ["ListFindings"] = new("What is wrong", "A list of findings")
            { Json = typeof(IReadOnlyList<Finding>), Query = ["system", "tenant", "kind", "minSeverity", "includeClosed", "before", "limit"] },
        ["GetFinding"] = new("One finding with its history", "The finding")
            { Json = typeof(Finding), More = new Dictionary<string, Type> { ["history"] = typeof(IReadOnlyList<FindingChange>) } },
        ["AcknowledgeFinding"] = new("Somebody has it", "The finding") { Json = typeof(Finding) },
        ["SilenceFinding"] = new("Do not tell about it for a while: minutes, or until", "The finding") { Json = typeof(Finding), Body = typeof(FindingDecision) },
        ["AcceptFinding"] = new("Known and accepted", "The finding") { Json = typeof(Finding), Body = typeof(FindingDecision), Required = ["reason"] },
        ["CloseFinding"] = new("Close by hand", "The finding") { Json = typeof(Finding), Body = typeof(FindingDecision), Required = ["reason"] },
        ["ListWatch"] = new("What is looked at besides gateways: how it is, and how available and fast it was in 24 hours", "A list of targets")
            { Json = typeof(IReadOnlyList<TargetView>), Query = ["system"] },
        ["GetWatchTarget"] = new("The newest value of every series of one target", "A list of series") { Json = typeof(IReadOnlyList<SeriesView>) },
        ["GetDashboard"] = new("The moment in one picture: instances, messages, error rates, containers, webhook events, errors; of a system, or of one instance", "The dashboard")
            { Json = typeof(Dashboard), Query = ["instance"] },
        ["GetContainerLog"] = new("The newest lines of a container's log, without secrets and phone numbers; minutes 1 to 60 (5)", "A list of lines")
            { Json = typeof(IReadOnlyList<ShownLine>), Query = ["minutes"] },
        ["CollectEvidence"] = new("Collect the evidence of an incident: logs, containers, samples, findings, runs; packed, hashed and written once. since is 2 hours ago unless it is said", "The manifest")
            { Status = "201", Json = typeof(EvidenceManifest), Body = typeof(EvidenceFunctions.EvidenceRequest) },
        ["GetEvidence"] = new("The archive of evidence that was collected", "tar.gz") { Media = ["application/gzip"] },
        ["AlertmanagerNotification"] = new("Take a notification of Alertmanager in version 4; its own token, no operator's key", "Nothing")
            { Key = "alertmanager", Body = typeof(JsonObject) },
        ["WatchNow"] = new("Look at every target of a system now, and wait", "Its targets") { Json = typeof(IReadOnlyList<TargetView>) },
        ["ListRoutines"] = new("The routines of every system: when they are due and how the last run went", "A list of routines")
            { Json = typeof(IReadOnlyList<RoutineView>), Query = ["system"] },
        ["RunRoutine"] = new("Carry a routine out now and wait for its report", "The run with its report")
            { Json = typeof(RoutineRun), Body = typeof(RoutineFunctions.RoutineRequest), Required = ["system"] },
        ["ListRoutineRuns"] = new("Runs of routines, newest first, without their reports", "A list of runs")
            { Json = typeof(IReadOnlyList<RoutineRun>), Query = ["system", "routine", "limit"] },
        ["GetRoutineRun"] = new("One run of a routine with its report", "The run") { Json = typeof(RoutineRun) },
        ["MakeReport"] = new("Make a report now: performance, usage, weekly or monthly; as json, csv or html", "The report")
            { Json = typeof(JsonObject), Media = ["text/csv", "text/html"], Query = ["system", "from", "to", "days", "format"] },
        ["ListReports"] = new("Reports that routines left, newest first", "A list of reports") { Json = typeof(IReadOnlyList<StoredReport>), Query = ["system"] },
        ["GetReport"] = new("One stored report; the file is its time and format, as 2026-03-01T0800.html", "The report") { Json = typeof(JsonObject), Media = ["text/csv", "text/html"] },
        ["ListTasks"] = new("What is asked of people, and what checklists found, newest first", "A list of tasks")
            { Json = typeof(IReadOnlyList<HumanTask>), Query = ["system", "state", "limit"] },
        ["GetTask"] = new("One task with its evidence", "The task") { Json = typeof(HumanTask) },
        ["SettleTask"] = new("Say what became of it: done, not-applicable, postponed (until) or failed (note)", "The task")
            { Json = typeof(HumanTask), Body = typeof(TaskOutcome), Required = ["outcome"] },
        ["StartEmergency"] = new("Start the emergency procedure for a finding", "Its tasks")
            { Json = typeof(IReadOnlyList<HumanTask>), Body = typeof(TaskFunctions.EmergencyRequest), Required = ["system", "finding"] },
        ["ErasePhone"] = new("Erase a person's data by telephone number, in one system or all; with dryRun only count", "What was erased")
            { Json = typeof(Erasure), Body = typeof(PrivacyFunctions.EraseRequest), Required = ["phone"] },
        ["StartBackup"] = new("Make a backup of a system now", "The set, which is being made")
            { Status = "202", Json = typeof(BackupSet), Body = typeof(BackupFunctions.SystemRequest), Required = ["system"] },
        ["ListBackups"] = new("Backup sets, newest first", "A list of sets") { Json = typeof(IReadOnlyList<BackupSet>), Query = ["system", "state", "limit"] },
        ["GetBackup"] = new("One backup set with its manifest", "The set") { Json = typeof(BackupSet) },
        ["HoldBackup"] = new("Never delete this set until it is released", "The set") { Json = typeof(BackupSet) },
        ["ReleaseBackup"] = new("Let retention decide about this set again", "The set") { Json = typeof(BackupSet) },
        ["VerifyBackup"] = new("Read every stored byte of a set back and compare it with the manifest", "The set, which is whole") { Json = typeof(BackupSet) },
        ["GetBackupFleet"] = new("The fleet file in a set, to be applied by a WhatsOps that lost everything", "The file") { Json = typeof(JsonObject) },
        ["PruneBackups"] = new("Delete the sets of a system whose time is over; with dryRun=true only say which", "Every set, and why it is kept; reason null: deleted")
            { Json = typeof(IReadOnlyList<RetentionVerdict>), Body = typeof(BackupFunctions.SystemRequest), Required = ["system"], Query = ["dryRun"] },
        ["RebuildBackups"] = new("Put every set whose manifest is in storage, and that the catalogue lacks, back into it", "How many, and which manifests cannot be read")
            { Json = typeof(RebuiltCatalogue) },
        ["ConfirmKeyCopy"] = new("Prove that a copy of the data key is kept elsewhere, by the SHA-256 of its 32 bytes in hex", "Which key has a copy now")
            { Json = typeof(BackupFunctions.KeyCopyView), Body = typeof(BackupFunctions.KeyCopy), Required = ["sha256"] },
        ["RunbookCatalogue"] = new("The runbooks there are", "A list of runbooks") { Json = typeof(IReadOnlyList<RunbookFunctions.RunbookItem>) },
        ["StartRunbook"] = new("Ask for a run (system, and tenant or gateway as the runbook wants; reason); with dryRun=true only its plan", "The run, waiting for approval")
            { Status = "202", Json = typeof(RunView), Plan = typeof(RunbookFunctions.PlanView), Body = typeof(RunbookFunctions.RunRequest), Required = ["system"], Query = ["dryRun"] },
        ["ListRuns"] = new("Runs, newest first", "A list of runs") { Json = typeof(IReadOnlyList<RunView>), Query = ["system", "tenant", "runbook", "state", "open", "limit"] },
        ["GetRun"] = new("One run with its steps", "The run") { Json = typeof(RunView) },
        ["GetRunPlan"] = new("The frozen plan of a run and its hash", "The plan") { Json = typeof(RunbookFunctions.PlanView) },
        ["ApproveRun"] = new("Say yes to exactly this plan; not by the one who asked", "The run")
            { Json = typeof(RunView), Body = typeof(RunbookFunctions.Approval), Required = ["planHash"] },
        ["CancelRun"] = new("Stop a run before its point of no return", "The run") { Json = typeof(RunView) },
        ["ConfirmRunStep"] = new("A person's answer to a step: yes (also without a body) or no", "The run") { Json = typeof(RunView), Body = typeof(RunbookFunctions.Answer) },
        ["RunQr"] = new("The QR code a run waits for, as PNG, live from the gateway; drawn, with Accept: text/plain", "The picture") { Media = ["image/png", "text/plain"] },
        ["AcknowledgePage"] = new("The page behind the link in an alert; it changes nothing", "HTML with a button, or what became of the finding")
            { IsPublic = true, Media = ["text/html"] },
        ["AcknowledgeByLink"] = new("Acknowledge by the link in an alert", "HTML that says so") { IsPublic = true, Media = ["text/html"] },
        ["Diagnose"] = new("Why does it not work: walks the manual's decision trees for one tenant", "The path with its evidence, the cause and the remedy")
            { Json = typeof(DiagnosisReport), Body = typeof(DiagnosisFunctions.DiagnosisRequest), Required = ["system", "tenant"] },
        ["ShowFleet"] = new("The fleet file in force; hashes of operators' keys for approvers only", "Its version, what was left out, and the document")
            { Json = typeof(FleetFunctions.FleetView) },
        ["FleetVersions"] = new("The fleet files that were in force, newest first", "Who applied which when") { Json = typeof(FleetFunctions.FleetHistory) },
        ["ValidateFleet"] = new("Check a fleet file (fleet.schema.json, docs/fleet-file.md); nothing is stored", "Whether it is valid, with every problem and warning")
            { Json = typeof(FleetFunctions.FleetVerdict), Body = typeof(JsonObject) },
        ["ApplyFleet"] = new("Put a fleet file in force, or refuse it whole (400 with every problem)", "Its version and what changed")
            { Json = typeof(FleetApplied), Body = typeof(JsonObject) },
        ["ListPauses"] = new("Who has paused what", "What is paused") { Json = typeof(PauseFunctions.PausesView) },
        ["Pause"] = new("Nothing acts by itself from now on, in one system or (without system) in all", "What is paused")
            { Json = typeof(PauseFunctions.PausesView), Body = typeof(PauseFunctions.PauseRequest) },
        ["Resume"] = new("Take a pause back, of one system or (without system) the one of everything", "What is still paused")
            { Json = typeof(PauseFunctions.PausesView), Body = typeof(PauseFunctions.PauseRequest) },
        ["MakePairingLink"] = new("Make a link with which the tenant's own staff pairs the run's instance; the only answer with its token", "The link and until when it is good")
            { Status = "201", Json = typeof(NewPairingLink) },
        ["PairingPage"] = new("The page of a pairing link, in Portuguese or English", "HTML; 404 alike for a link that never was, is over or is used")
            { IsPublic = true, Media = ["text/html"] },
        ["PairingCode"] = new("What the page of a pairing link shows now, as JSON or PNG", "The state, the QR code and the pairing code")
            { IsPublic = true, Json = typeof(PairingView), Media = ["image/png"] },
        ["Doctor"] = new("Check every endpoint of the fleet", "A list of checks, each with its fix") { Json = typeof(DoctorFunctions.DoctorView) },
    };
}
