System.Console.WriteLine("WhatsOps");
