metadata description = 'A private DNS zone, known in one network.'

import { tagMap } from '../types.bicep'

param name string
param tags tagMap
param networkId string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: 'whatsops'
    location: 'global'
    properties: { registrationEnabled: false, virtualNetwork: { id: networkId } }
  }
}

output id string = zone.id
