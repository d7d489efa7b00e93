metadata description = 'Types that modules share.'

@export()
type tagMap = { *: string }

@export()
@description('PostgreSQL Flexible Server sizes that the template offers. Smaller ones take too few connections for an app whose every timer has an instance of its own.')
type postgresSku = 'Standard_B2s' | 'Standard_B2ms' | 'Standard_D2ds_v5' | 'Standard_D4ds_v5' | 'Standard_D8ds_v5'

@export()
@description('A setting of the app that is a secret of the vault, by its name there.')
type secretReference = {
  setting: string
  secret: string
}
