using System.CommandLine;
using Decant.Bench.Tokenizers;

var root = new RootCommand("Decant's parts beside other libraries, on this machine.") { TokenizersCommand.Create() };
return root.Parse(args).Invoke();
