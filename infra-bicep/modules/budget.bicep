metadata description = 'Says by e-mail that the month costs more than it should. It stops nothing.'

@description('In the currency of the subscription.')
param amount int

param emails string[]

@description('First day of a month, yyyy-MM-dd. Azure refuses to move it later.')
param start string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'whatsops'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: { startDate: start }
    notifications: {
      most: { enabled: true, operator: 'GreaterThan', threshold: 80, thresholdType: 'Actual', contactEmails: emails }
      willBeOver: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: emails
      }
    }
  }
}
