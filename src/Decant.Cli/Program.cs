using Decant.Cli;

return Entry.Run(args, CliServices.OfProcess);
