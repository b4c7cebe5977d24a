console.log("spancost");
