metadata description = 'Who is told when the pipe stands still: rules over the metrics of meter WhatsOps, independent of WhatsOps own alerts.'

import { tagMap } from '../types.bicep'

type rule = {
  name: string
  title: string
  description: string
  @minValue(0)
  @maxValue(4)
  severity: int
  @description('How often the query runs, and how far it looks back.')
  every: 'PT5M' | 'PT15M' | 'PT1H'
  window: 'PT15M' | 'PT30M' | 'PT2H'
  @description('Rows are trouble: each row of the answer is one.')
  query: string
  @description('False: the whole is one alert. True: one per value of column system.')
  perSystem: bool
}

param name string
param location string
param tags tagMap
param workspaceId string

@description('Who gets an e-mail; at least one.')
@minLength(1)
param emails string[]

// A gauge comes from every running process with the same value, so the newest point of each series counts, never a sum.
var rules rule[] = [
  {
    name: 'silent'
    title: 'WhatsOps says nothing'
    description: 'No process has reported the age of its sweeps for 15 minutes. Absent is never healthy: look at the function app first, then at the database.'
    severity: 0
    every: 'PT5M'
    window: 'PT15M'
    perSystem: false
    query: '''
      AppMetrics
      | where Name == 'whatsops.sweep.age'
      | summarize Points = count()
      | where Points == 0
    '''
  }
  {
    name: 'sweep-age'
    title: 'A system is not swept'
    description: 'The last finished sweep of the system is more than 15 minutes old; one is due every 5.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    perSystem: true
    query: '''
      AppMetrics
      | where Name == 'whatsops.sweep.age'
      | extend system = tostring(Properties.system)
      | summarize arg_max(TimeGenerated, Max) by system
      | where Max > 900
    '''
  }
  {
    name: 'webhook-lag'
    title: 'A product waits for its events'
    description: 'The oldest event that the product is owed is more than 10 minutes old. whatsops deliveries says why.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    perSystem: true
    query: '''
      AppMetrics
      | where Name == 'whatsops.webhook.lag'
      | extend system = tostring(Properties.system)
      | summarize arg_max(TimeGenerated, Max) by system
      | where Max > 600
    '''
  }
  {
    name: 'webhooks-refused'
    title: 'Webhooks are not taken'
    description: 'More than one webhook in a hundred was answered 503 for 15 minutes: gateways repeat them for a while, then they are lost.'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    perSystem: false
    query: '''
      AppMetrics
      | where Name == 'whatsops.webhooks'
      | extend answer = tostring(Properties.answer)
      | summarize All = sum(Sum), Bad = sumif(Sum, answer in ('overloaded', 'unavailable', 'rejected'))
      | where All > 0 and Bad > All / 100
    '''
  }
  {
    name: 'critical-findings'
    title: 'A critical finding is open'
    description: 'Somebody should have been told by WhatsOps already; this is the second way.'
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
    perSystem: true
    query: '''
      AppMetrics
      | where Name == 'whatsops.findings.open'
      | extend system = tostring(Properties.system), severity = tostring(Properties.severity)
      | where severity == 'critical'
      | summarize arg_max(TimeGenerated, Max) by system
      | where Max > 0
    '''
  }
  {
    name: 'runs-stuck'
    title: 'A runbook stands still'
    description: 'A run that should move has not for ten minutes. whatsops runbooks shows its step.'
    severity: 2
    every: 'PT15M'
    window: 'PT30M'
    perSystem: true
    query: '''
      AppMetrics
      | where Name == 'whatsops.runs.stuck'
      | extend system = tostring(Properties.system)
      | summarize arg_max(TimeGenerated, Max) by system
      | where Max > 0
    '''
  }
  {
    name: 'backup-verified'
    title: 'No backup was proven for eight days'
    description: 'The newest backup set that passed its restore test is older than the weekly test allows.'
    severity: 2
    every: 'PT1H'
    window: 'PT2H'
    perSystem: true
    query: '''
      AppMetrics
      | where Name == 'whatsops.backup.verified.age'
      | extend system = tostring(Properties.system)
      | summarize arg_max(TimeGenerated, Max) by system
      | where Max > 691200
    '''
  }
]

resource told 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: 'ag-${name}'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'whatsops'
    emailReceivers: [
      for (email, index) in emails: { name: 'email-${index}', emailAddress: email, useCommonAlertSchema: true }
    ]
  }
}

resource rulesOfThePipe 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${name}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.title
      description: rule.description
      enabled: true
      severity: rule.severity
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      autoMitigate: true
      // The table is there only after the first metric came in.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: rule.perSystem ? [{ name: 'system', operator: 'Include', values: ['*'] }] : []
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: [told.id] }
    }
  }
]
