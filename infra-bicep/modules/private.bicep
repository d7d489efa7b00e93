metadata description = 'The private addresses of storage, vault and database.'

import { tagMap } from '../types.bicep'

param name string
param location string
param tags tagMap
param networkId string
param subnetId string
param hostStorageId string
param dataStorageId string
param vaultId string

@description('False: the database is not ours, and stays where it is.')
param hasPostgres bool
param postgresId string

var storage = environment().suffixes.storage
var zones = [
  { part: 'blob', zone: 'privatelink.blob.${storage}' }
  { part: 'queue', zone: 'privatelink.queue.${storage}' }
  { part: 'table', zone: 'privatelink.table.${storage}' }
  { part: 'vault', zone: 'privatelink.vaultcore.azure.net' }
  { part: 'postgresqlServer', zone: 'privatelink.postgres.database.azure.com' }
]

// zone is the place of the part's zone in the list above.
var endpoints = concat(
  [
    { name: 'host-blob', service: hostStorageId, part: 'blob', zone: 0 }
    { name: 'host-queue', service: hostStorageId, part: 'queue', zone: 1 }
    { name: 'host-table', service: hostStorageId, part: 'table', zone: 2 }
    { name: 'data-blob', service: dataStorageId, part: 'blob', zone: 0 }
    { name: 'vault', service: vaultId, part: 'vault', zone: 3 }
  ],
  !hasPostgres ? [] : [{ name: 'postgres', service: postgresId, part: 'postgresqlServer', zone: 4 }]
)

module dns 'zone.bicep' = [
  for zone in zones: {
    name: 'zone-${zone.part}'
    params: { name: zone.zone, tags: tags, networkId: networkId }
  }
]

@batchSize(1)
module made 'endpoint.bicep' = [
  for endpoint in endpoints: {
    name: 'endpoint-${endpoint.name}'
    params: {
      name: 'pe-${name}-${endpoint.name}'
      location: location
      tags: tags
      subnetId: subnetId
      serviceId: endpoint.service
      part: endpoint.part
      zoneId: dns[endpoint.zone].outputs.id
    }
  }
]
