Console.WriteLine("reviewer");
