metadata description = 'WhatsOps on Azure: everything it needs in one resource group. Explained in docs/azure.md.'

targetScope = 'subscription'

import { postgresSku } from 'types.bicep'
import { fitting, userConnections } from 'sizes.bicep'

@description('Name of the environment, such as prod: part of every name.')
@minLength(2)
@maxLength(12)
param environmentName string

param location string

@description('Object id of who deploys, and may therefore write secrets; azd fills it in. Empty: give the role Key Vault Secrets Officer by hand.')
param deployerId string = ''

@allowed(['User', 'ServicePrincipal', 'Group'])
param deployerType string = 'User'

@description('Names of settings that the fleet file refers to as \${env:NAME}: each becomes a reference to the vault secret of that name, with - for _. Values never come near the template.')
param fleetSecrets string[]

@description('Who is told by e-mail when WhatsOps itself stands still.')
@minLength(1)
param alertEmails string[]

@description('Most money for a month, in the currency of the subscription; more than 80 % of it is told by e-mail. 0: no budget.')
@minValue(0)
param monthlyBudget int

@description('First day of the month in which the budget was made; empty: this one.')
param budgetStart string = ''

@description('The first of this month. Not for you: a default is the only place where a template may ask for the time.')
param thisMonth string = utcNow('yyyy-MM-01')

@description('False: the connection string of a PostgreSQL 14 or newer of your own is put into the vault as operations-database.')
param makePostgres bool = true

param postgresSize postgresSku = 'Standard_B2s'

@allowed(['14', '15', '16', '17'])
param postgresVersion string = '16'

@minValue(32)
param postgresStorageGb int = 32

@minValue(7)
@maxValue(35)
param postgresBackupDays int = 7

param postgresGeoBackup bool = false

@description('Connections that your own PostgreSQL leaves to WhatsOps.')
@minValue(20)
param ownPostgresConnections int = 100

@description('True on the first deployment, and to change the password of the database: it is made here, goes into the vault, and is seen by nobody.')
param setDatabasePassword bool

@secure()
@description('Not for you: a default is the only place where a template may make something new.')
param newPassword string = newGuid()

@description('Connections that one instance of the app may have to the operations database.')
@minValue(2)
param poolSize int = 10

@description('Instances that the app may have at most. Every timer function has one of its own, HTTP and Durable share theirs.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@allowed([512, 2048, 4096])
param instanceMemoryMB int = 2048

@minValue(0)
param alwaysReadyHttp int = 1

@minValue(0)
param alwaysReadyDurable int = 0

@description('Where orchestrations live. DurableTaskScheduler needs a package that was built for it: DurableBackend=DurableTaskScheduler.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('Copies of backups, evidence and reports: in one data centre, in three zones, or in a second region.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS'])
param dataRedundancy string = 'Standard_ZRS'

@description('Storage, vault and database by private addresses only. The app itself stays public: gateways send to it.')
param privateNetwork bool = false

param networkPrefix string = '10.71.0.0/24'

@description('IPv4 addresses from which secrets may be written while the network is private.')
param adminAddresses string[] = []

@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

param logDailyCapGb int = 1

@description('Further settings of the app that are no secrets, such as EventsDays.')
param settings { *: string } = {}

var tags = { 'azd-env-name': environmentName, application: 'whatsops' }
var suffix = uniqueString(subscription().id, environmentName, location)
var name = 'whatsops-${environmentName}'
var identityName = 'id-${name}'
var vaultName = 'kv-${suffix}'
var administrator = 'whatsops'
var connections = makePostgres ? userConnections[postgresSize] : ownPostgresConnections

// Built-in roles of the host's own storage, as Azure Functions asks for them; of the data only what is read and written.
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var queueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var tableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${name}'
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  scope: group
  params: { name: identityName, location: location, tags: tags }
}

module telemetry 'modules/telemetry.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    identityName: identityName
    retentionDays: logRetentionDays
    dailyCapGb: logDailyCapGb
  }
}

@description('What the Functions host keeps for itself: keys, leases, timers, orchestrations, the package.')
module hostStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'sthost${suffix}'
    location: location
    tags: tags
    sku: 'Standard_LRS'
    containers: ['package']
    roles: [blobDataOwner, queueDataContributor, tableDataContributor]
    principalId: identity.outputs.principalId
    identityName: identityName
    isPublic: !privateNetwork
    softDeleteDays: 0
  }
}

@description('What WhatsOps keeps for you: backups, evidence, reports.')
module dataStorage 'modules/storage.bicep' = {
  scope: group
  params: {
    name: 'stdata${suffix}'
    location: location
    tags: tags
    sku: dataRedundancy
    containers: ['whatsops']
    roles: [blobDataContributor]
    principalId: identity.outputs.principalId
    identityName: identityName
    isPublic: !privateNetwork
    softDeleteDays: 14
  }
}

module vault 'modules/vault.bicep' = {
  scope: group
  params: {
    name: vaultName
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    identityName: identityName
    deployerId: deployerId
    deployerType: deployerType
    isPublic: !privateNetwork
    allowedAddresses: adminAddresses
  }
}

module postgres 'modules/postgres.bicep' = if (makePostgres) {
  scope: group
  params: {
    name: 'psql-${name}-${take(suffix, 6)}'
    location: location
    tags: tags
    sku: postgresSize
    version: postgresVersion
    storageGb: postgresStorageGb
    backupDays: postgresBackupDays
    geoRedundantBackup: postgresGeoBackup
    administrator: administrator
    setPassword: setDatabasePassword
    password: newPassword
    isPublic: !privateNetwork
  }
}

module operationsDatabase 'modules/secret.bicep' = if (makePostgres && setDatabasePassword) {
  scope: group
  params: {
    vaultName: vaultName
    name: 'operations-database'
    value: 'Host=${postgres!.outputs.host};Database=${postgres!.outputs.database};Username=${administrator};Password=${newPassword};SSL Mode=VerifyFull'
  }
  dependsOn: [vault]
}

module scheduler 'modules/scheduler.bicep' = if (durableBackend == 'DurableTaskScheduler') {
  scope: group
  params: {
    name: 'dts-${name}-${take(suffix, 6)}'
    location: location
    tags: tags
    principalId: identity.outputs.principalId
    identityName: identityName
    sku: schedulerSku
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  scope: group
  params: { name: 'vnet-${name}', location: location, tags: tags, addressPrefix: networkPrefix }
}

module privateAddresses 'modules/private.bicep' = if (privateNetwork) {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
    hostStorageId: hostStorage.outputs.id
    dataStorageId: dataStorage.outputs.id
    vaultId: vault.outputs.id
    hasPostgres: makePostgres
    postgresId: makePostgres ? postgres!.outputs.id : ''
  }
}

var schedulerSettings = durableBackend == 'DurableTaskScheduler'
  ? {
      DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${scheduler!.outputs.endpoint};Authentication=ManagedIdentity;ClientID=${identity.outputs.clientId}'
      AzureFunctionsJobHost__extensions__durableTask__hubName: scheduler!.outputs.hub
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__type: 'azureManaged'
      AzureFunctionsJobHost__extensions__durableTask__storageProvider__connectionStringName: 'DURABLE_TASK_SCHEDULER_CONNECTION_STRING'
    }
  : {}

module app 'modules/app.bicep' = {
  scope: group
  params: {
    name: 'func-${name}-${take(suffix, 6)}'
    location: location
    tags: tags
    identityName: identityName
    identityClientId: identity.outputs.clientId
    hostStorageName: hostStorage.outputs.name
    packageContainer: '${hostStorage.outputs.blobEndpoint}package'
    dataBlobEndpoint: dataStorage.outputs.blobEndpoint
    vaultUri: vault.outputs.uri
    telemetryConnectionString: telemetry.outputs.connectionString
    instanceMemoryMB: instanceMemoryMB
    poolSize: poolSize
    maximumInstances: fitting(maximumInstances, poolSize, connections)
    alwaysReadyHttp: alwaysReadyHttp
    alwaysReadyDurable: alwaysReadyDurable
    isPrivate: privateNetwork
    subnetId: privateNetwork ? network!.outputs.appSubnetId : ''
    secrets: concat(
      [
        { setting: 'OperationsDatabase', secret: 'operations-database' }
        { setting: 'DataKey', secret: 'data-key' }
      ],
      map(fleetSecrets, secret => { setting: secret, secret: toLower(replace(secret, '_', '-')) })
    )
    settings: union(settings, schedulerSettings)
  }
  // Without them the first start finds no database.
  dependsOn: [operationsDatabase, privateAddresses]
}

module alerts 'modules/alerts.bicep' = {
  scope: group
  params: {
    name: name
    location: location
    tags: tags
    workspaceId: telemetry.outputs.workspaceId
    emails: alertEmails
  }
}

module workbook 'modules/workbook.bicep' = {
  scope: group
  params: { location: location, tags: tags, workspaceId: telemetry.outputs.workspaceId }
}

module budget 'modules/budget.bicep' = if (monthlyBudget > 0) {
  scope: group
  params: { amount: monthlyBudget, emails: alertEmails, start: empty(budgetStart) ? thisMonth : budgetStart }
}

output AZURE_RESOURCE_GROUP string = group.name
output WHATSOPS_APP string = app.outputs.name
output WHATSOPS_URL string = app.outputs.address
output WHATSOPS_VAULT string = vault.outputs.name
