metadata description = 'The Durable Task Scheduler: orchestrations when Azure Storage is no longer fast enough.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap
param principalId string

@description('Of the app; names its role assignments, which must be known before it is there.')
param identityName string

@description('Consumption: by the action. Dedicated: by the capacity unit.')
@allowed(['Consumption', 'Dedicated'])
param sku string

var dataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: 'Dedicated', capacity: 1 } : { name: 'Consumption' }
    // An empty list lets nobody in. Every call needs an identity with the role below.
    ipAllowlist: ['0.0.0.0/0']
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: 'whatsops'
}

resource appRuns 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: scheduler
  name: guid(scheduler.id, identityName, dataContributor)
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', dataContributor)
  }
}

output endpoint string = scheduler.properties.endpoint
output hub string = hub.name
