//! `daybook connect`: books get a server.

use std::io::{BufRead, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use daybook_core::shared::error::{Error, Kind, Result as CoreResult};
use daybook_rpc::Access;
use serde_json::json;

use crate::args::Connect;
use crate::books;
use crate::failure::{Failure, Placed};
use crate::screen::Screen;

/// Books that are there are sent to an empty tenant; otherwise the tenant's come here.
pub fn run(named: &Option<PathBuf>, connect: &Connect, screen: &Screen) -> Result<ExitCode, Failure> {
    let path = books::path(named)?;
    let desk = books::desk(&path, Access::Write).at(path.display())?;
    let mode = if desk.is_open().at(path.display())? { "found" } else { "join" };
    let password = password(connect.password_file.as_deref(), screen).at("--password-file")?;
    let new_password = connect.new_password_file.as_deref().map(read_secret).transpose().at("--new-password-file")?;
    let device = connect.device.clone().unwrap_or_else(computer_name);
    let wish = json!({
        "server": connect.server, "tenant": connect.tenant, "email": connect.email, "password": password, "new_password": new_password,
        "device_name": device, "mode": mode,
    });
    desk.ask("sync.connect", wish).at(&connect.server)?;
    if screen.json {
        screen.value(&json!({ "books": path, "mode": mode }))?;
    } else if mode == "join" {
        screen.say(format!("{} follows {} on {}", path.display(), connect.tenant, connect.server))?;
    } else {
        screen.say(format!("{} is {} on {} from now on; daybook sync sends it", path.display(), connect.tenant, connect.server))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The password: from `file`, or as somebody types it.
pub fn password(file: Option<&Path>, screen: &Screen) -> CoreResult<String> {
    if let Some(file) = file {
        return read_secret(file);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Error::invalid("text.required").field("password"));
    }
    screen.warn("Password (shown as you type):");
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", "standard input").caused_by(e))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The first line of `file`, as far as it is a secret: everything but the end of the line.
pub fn read_secret(file: &Path) -> CoreResult<String> {
    let text = std::fs::read_to_string(file).map_err(|e| Error::new(Kind::Storage, "disk.failed").arg("what", file.display()).caused_by(e))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn computer_name() -> String {
    let named = std::fs::read_to_string("/etc/hostname").ok().or_else(|| std::env::var("COMPUTERNAME").ok());
    named.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "Device".to_owned())
}
